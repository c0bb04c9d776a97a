#include "real/emulation.hpp"

#include <optional>

#include "real/monotonic_clock.hpp"
#include "real/skipping_clock.hpp"
#include "scenario/processors.hpp"

namespace lockstep::real {
namespace {

// A process is a rank here, and has one processor.
std::optional<MonotonicClock> process_clock;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
std::optional<SkippingClock> skipping_clock;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
std::optional<EmulatedProcessor>
    this_processor;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// Stragglers and pauses are emulated relative to a known speed only; what stops for good is only simulated.
scenario::Slowness slowness(const scenario::Config& config, std::size_t rank) {
    if (!config.emulate_speed_flops || rank >= config.workers) return {};
    scenario::Config emulated = config;
    emulated.failures.clear();
    emulated.speed_profiles.clear();
    return {emulated, rank};
}

}  // namespace

void emulate_processor(const scenario::Config& config, std::size_t rank, Sleeps sleeps) {
    const auto speed = scenario::emulated_speed(config, rank);
    if (!speed) return;
    Clock* clock = &process_clock.emplace();
    if (sleeps == Sleeps::skipped) clock = &skipping_clock.emplace(*clock);
    this_processor.emplace(*speed, slowness(config, rank), *clock);
}

double skipped_s() {
    return skipping_clock ? skipping_clock->skipped_s() : 0;
}

EmulatedProcessor* emulated_processor() {
    return this_processor ? &*this_processor : nullptr;
}

}  // namespace lockstep::real
