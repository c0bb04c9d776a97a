// Counted messages and bytes are those that the catalogue predicts, for every method, collective and server.
#include <cmath>

#include "exchange/catalogue.hpp"
#include "scenario/choices.hpp"
#include "tests/contract/contract.hpp"
#include "tests/support/exchange_run.hpp"

namespace lockstep::contract {
namespace {

using scenario::Collective;
using scenario::Config;
using scenario::Method;
using scenario::Server;

/// Every combination that needs just this many ranks.
std::vector<Config> all_configurations(std::size_t ranks) {
    std::vector<Config> all;
    Config config;
    if (ranks == 1) all.push_back(config);
    config.method = Method::sync_average;
    config.workers = ranks;
    for (const auto& choice : scenario::choices<Collective>()) {
        config.collective = choice.value;
        if (choice.value != Collective::library) all.push_back(config);
    }
    config.method = Method::in_turn;
    all.push_back(config);
    if (ranks == 1) return all;
    config.workers = ranks - 1;
    config.server = Server::dedicated;
    all.push_back(config);
    config.method = Method::by_arrival;
    all.push_back(config);
    config.server = Server::none;  // has a server all the same
    all.push_back(config);
    return all;
}

void counted_is_predicted(Communicator& communicator, Findings& findings) {
    for (const Config& config : all_configurations(communicator.size())) {
        for (const std::uint64_t steps : {0U, 1U, 4U}) {
            const support::Job job{.steps = steps, .start = {1, 2, 3, 4, 5}};
            const comm::Traffic counted = run_exchange(communicator, config, job).traffic;
            const auto predicted = exchange::predict_traffic(config, steps, job.start.size());
            const std::string kind =
                fmt::format("{} {} {}, {} steps", scenario::name(config.method),
                            scenario::name(config.collective), scenario::name(config.server), steps);
            findings.expect(predicted.has_value(), "{}: nothing predicted", kind);
            if (predicted)
                findings.expect(counted.messages == predicted->messages && counted.bytes == predicted->bytes,
                                "{}: counted {} messages of {} bytes, predicted {} of {}", kind,
                                counted.messages, counted.bytes, predicted->messages, predicted->bytes);
        }
    }
}

void the_library_s_own_traffic_is_not_predicted(Communicator& communicator, Findings& findings) {
    Config config;
    config.method = Method::sync_average;
    config.workers = communicator.size();
    config.collective = Collective::library;
    const auto predicted = exchange::predict_traffic(config, 3, 5);
    findings.expect(predicted.has_value() == (communicator.size() == 1), "predicted: {}",
                    predicted.has_value());
}

}  // namespace

std::vector<Case> traffic_cases() {
    return {{"counted traffic is the predicted traffic", counted_is_predicted},
            {"the library's own traffic is not predicted", the_library_s_own_traffic_is_not_predicted}};
}

}  // namespace lockstep::contract
