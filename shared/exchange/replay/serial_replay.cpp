#include "exchange/replay/serial_replay.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::exchange {

void replay_serially(const SerialReplay& replay) {
    using enum scenario::Method;
    switch (replay.config.method) {
        case ad_psgd:
            return replay_pairs(replay);
        case in_turn:
        case by_arrival:
        case easgd:
            return replay_parameters(replay);
        case backup_workers:
        case bounded_staleness:
        case softsync:
        case dc_asgd:
            return replay_gradients(replay);
        default:
            throw std::logic_error("a method with an order, but without a serial replay");
    }
}

// Of each worker its parameters and what they were, or its gradient and the words for it, and dc-asgd's w; of
// all v, or ad-psgd's answer, and of methods that send gradients a sum and room to decode.
double serial_replay_vectors(const scenario::Config& config) {
    const auto workers = static_cast<double>(config.workers);
    const bool is_compensated = config.method == scenario::Method::dc_asgd;
    const bool has_gradients = scenario::traits(config.method).sends_gradients;
    return (is_compensated ? 3 : 2) * workers + (has_gradients ? 3 : 1);
}

ReplayedVector::ReplayedVector(const SerialReplay& replay)
    : replay_(replay), values_(travelling_copy(replay.start)) {}

void ReplayedVector::require(const scenario::Arrival& arrival, std::uint64_t version_read) const {
    if (arrival.version_applied == version_ && arrival.version_read == version_read) return;
    throw base::InputError(fmt::format(
        "--replay: step {} of worker {} read version {} and was applied to version {} in the recorded order, "
        "which with this method is version {} and {}; record it again",
        arrival.step, arrival.worker, arrival.version_read, arrival.version_applied, version_read, version_));
}

void ReplayedVector::contribute(const scenario::Arrival& arrival, std::uint64_t steps) {
    contributions_ += steps;
    for (std::uint64_t k = 0; k < steps; ++k)
        replay_.journals.at(arrival.taker)
            ->applied({arrival.worker, arrival.step + k, arrival.version_read, version_});
}

/// A token's last holder, or the server, has the last rank.
void ReplayedVector::changed(std::uint64_t steps) {
    ++version_;
    replay_.journals.back()->shared_parameters(steps, values_);
}

void ReplayedVector::changed() {
    changed(contributions_ / replay_.workers());
}

void ReplayedVector::end() const {
    if (!replay_.complete && scenario::has_dedicated_server(replay_.config))
        replay_.journals.back()->interrupted(contributions_, values_);
}

}  // namespace lockstep::exchange
