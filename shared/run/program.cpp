#include "run/program.hpp"

#include <exception>
#include <utility>
#include <vector>

#include "backend/backend.hpp"
#include "base/packing.hpp"
#include "comm/clock_alignment.hpp"
#include "events/clock.hpp"
#include "run/assembly.hpp"
#include "run/rank_report.hpp"
#include "run/rank_run.hpp"
#include "run/summary.hpp"

namespace lockstep::run {
namespace {

/// Real clocks differ between ranks; simulated time is the same everywhere.
void align(events::Clock& clock, comm::Communicator& communicator) {
    if (!backend::time_is_simulated()) clock.add(comm::compare_clocks(communicator));
}

std::optional<result::Result> gather(comm::Communicator& communicator, const scenario::Config& config,
                                     const Problem& problem, RankReport report) {
    if (communicator.rank() != 0) {
        communicator.send_bytes(base::pack(report), 0);
        return std::nullopt;
    }
    std::vector<RankReport> reports;
    reports.push_back(std::move(report));
    for (std::size_t rank = 1; rank < communicator.size(); ++rank)
        reports.push_back(base::unpack<RankReport>(communicator.receive_bytes(rank)));
    return summarise(config, problem, std::move(reports));
}

}  // namespace

SharedByRanks::SharedByRanks(const scenario::Config& config, const Problem& problem)
    : unfinished(scenario::rank_count(config)) {
    if (is_held_jointly(config)) joint.emplace(config, problem.schedule(config));
}

std::optional<result::Result> train(comm::Communicator& communicator, const scenario::Config& config,
                                    const Problem& problem, const Surroundings& around) {
    const auto [progress, together, legs, left] = around;
    JointParameters* joint = together != nullptr && together->joint ? &*together->joint : nullptr;
    RankRun run(communicator, config, problem, progress, joint, legs);
    events::Clock clock;
    align(clock, communicator);
    const bool may_be_left = together != nullptr && scenario::may_stand_still(config);
    try {
        run.train(clock);
        if (communicator.rank() == 0 && progress != nullptr) progress->finish();
        align(clock, communicator);
        run.assemble_course(clock);
        RankReport report = run.report(clock);
        if (may_be_left) together->unfinished.at(communicator.rank()) = run.unfinished_report();
        auto result = gather(communicator, config, problem, std::move(report));
        if (result && run.is_stopped()) {
            result->summary.outcome = result::Outcome::interrupted;
            result->summary.predicted_messages.reset();  // they are of the whole run
            result->summary.predicted_bytes.reset();
        }
        return result;
    } catch (...) {
        if (left != nullptr) {
            try {
                *left = run.survivor_report();
            } catch (const std::exception&) {  // the first error is told
            }
        }
        if (may_be_left) together->unfinished.at(communicator.rank()) = run.unfinished_report();
        throw;
    }
}

}  // namespace lockstep::run
