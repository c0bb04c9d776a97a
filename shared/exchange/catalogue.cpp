#include "exchange/catalogue.hpp"

#include "exchange/by_arrival.hpp"
#include "exchange/collective.hpp"
#include "exchange/in_turn.hpp"
#include "exchange/serial.hpp"
#include "exchange/sync_average.hpp"

namespace lockstep::exchange {
namespace {

std::optional<comm::Traffic> averaging_traffic(const scenario::Config& config, std::uint64_t steps,
                                               std::size_t values) {
    const auto cost = choose(config.collective).cost;
    if (config.workers == 1) return comm::Traffic{};
    if (cost == nullptr) return std::nullopt;
    const auto round = cost(config.workers, values, {});
    return comm::Traffic{steps * round.messages, steps * round.bytes};
}

/// A token moves after every update but the last; a dedicated server gets and returns every one.
comm::Traffic update_traffic(const scenario::Config& config, std::uint64_t steps, std::size_t values) {
    const std::uint64_t updates = steps * config.workers;
    std::uint64_t messages = 2 * updates;
    if (!scenario::has_dedicated_server(config))
        messages = config.workers > 1 && updates > 0 ? updates - 1 : 0;
    return {messages, messages * 4 * values};
}

}  // namespace

void train(Participant& participant) {
    switch (participant.config.method) {
        case scenario::Method::serial:
            return serial(participant);
        case scenario::Method::sync_average:
            return sync_average(participant);
        case scenario::Method::in_turn:
            return in_turn(participant);
        case scenario::Method::by_arrival:
            return by_arrival(participant);
    }
}

std::size_t vectors_held(const scenario::Config& config, bool server) {
    if (server) return 2 * config.workers + 1;
    if (config.method == scenario::Method::sync_average) return 2;
    if (config.method == scenario::Method::in_turn && config.server == scenario::Server::none) return 3;
    return 1;
}

std::optional<comm::Traffic> predict_traffic(const scenario::Config& config, std::uint64_t steps,
                                             std::size_t values) {
    switch (config.method) {
        case scenario::Method::serial:
            return comm::Traffic{};
        case scenario::Method::sync_average:
            return averaging_traffic(config, steps, values);
        case scenario::Method::in_turn:
        case scenario::Method::by_arrival:
            return update_traffic(config, steps, values);
    }
    return std::nullopt;
}

}  // namespace lockstep::exchange
