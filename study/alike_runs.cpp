#include "study/alike_runs.hpp"

#include "scenario/applicability.hpp"
#include "study/compare/ideal_resources.hpp"

namespace lockstep::study {

Chance chance_of(const scenario::Config& config) {
    if (scenario::is_deterministic(config) || !config.replay.empty()) return Chance::none;
    return scenario::applies("platform-seed", config) ? Chance::draws : Chance::ties;
}

scenario::Config alike(const scenario::Config& config, Chance chance, std::size_t number) {
    if (chance == Chance::none || number == 0) return config;
    if (chance == Chance::ties) {
        const std::size_t before = number - 1;
        return with_jolt(config, before % config.workers, 1 + before / config.workers);
    }
    scenario::Config other = config;
    other.platform_seed = scenario::platform_seed(config) + number;
    return other;
}

}  // namespace lockstep::study
