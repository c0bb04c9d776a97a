#include "scenario/config.hpp"

namespace lockstep::scenario {

bool has_dedicated_server(const Config& config) {
    switch (traits(config.method).server) {
        case ServerUse::never:
            return false;
        case ServerUse::optional:
            return config.server == Server::dedicated;
        case ServerUse::always:
            return true;
    }
    return false;
}

std::size_t rank_count(const Config& config) {
    return config.workers + (has_dedicated_server(config) ? 1 : 0);
}

bool is_phantom(const Config& config) {
    return config.model != Config{}.model;
}

bool timing_only(const Config& config) {
    return config.numerics == Numerics::none || is_phantom(config);
}

std::uint64_t platform_seed(const Config& config) {
    return config.platform_seed.value_or(config.seed);
}

}  // namespace lockstep::scenario
