#include "study/fit/sync_path.hpp"

namespace lockstep::study {

SyncPath sync_path(const SummingBy& collective, std::size_t workers, std::size_t parameters) {
    constexpr double envelope_B = 16;  // of every message that is simulated (docs/formats/scenario.md)
    return {collective->cost(workers, parameters, {.alpha_s = 1}).time_s,
            collective->cost(workers, parameters, {.beta_s_per_B = 1, .envelope_B = envelope_B}).time_s};
}

}  // namespace lockstep::study
