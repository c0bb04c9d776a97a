#pragma once

#include <string>
#include <vector>

#include "events/timeline.hpp"
#include "result/result.hpp"

namespace lockstep::test {

/// A rank's time: compute, wait, transfer, other.
struct Division {
    double compute_s;
    double wait_s;
    double transfer_s;
    double other_s = 0;
};

/// A finished simulated run of these ranks, the last of which is a server where the method has one. Every
/// worker took 10 steps.
inline result::Result result_of(scenario::Method method, const std::vector<Division>& ranks) {
    result::Result result;
    result.config.method = method;
    result.provenance.world = "simulated";
    const bool has_server = method->traits->server == exchange::ServerUse::always;
    result.config.workers = ranks.size() - (has_server ? 1 : 0);
    for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
        result::Worker& worker = result.workers.emplace_back();
        const Division& time = ranks[rank];
        worker.rank = rank;
        worker.is_server = rank == result.config.workers;
        worker.compute_s = time.compute_s;
        worker.wait_s = time.wait_s;
        worker.transfer_s = time.transfer_s;
        worker.other_s = time.other_s;
        worker.elapsed_s = time.compute_s + time.wait_s + time.transfer_s + time.other_s;
        worker.steps = worker.is_server ? 0 : 10;
        worker.update_share = worker.is_server ? 0 : 1 / static_cast<double>(result.config.workers);
        result.summary.elapsed_s = std::max(result.summary.elapsed_s, worker.elapsed_s);
    }
    return result;
}

inline events::Span span(double begin_s, double end_s, events::Activity activity, std::uint64_t round = 0) {
    events::Span made;
    made.begin_s = begin_s;
    made.end_s = end_s;
    made.activity = activity;
    made.round = round;
    return made;
}

inline events::Track track(std::size_t rank, double end_s, std::vector<events::Span> spans) {
    return {rank, false, true, end_s, std::move(spans)};
}

}  // namespace lockstep::test
