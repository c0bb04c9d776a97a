#pragma once

#include <string>
#include <vector>

#include "scenario/choices.hpp"
#include "scenario/config.hpp"

namespace lockstep::bench {

struct Variant {
    std::string name;
    scenario::Config config;
};

/// Every method with an exchange in each step, on so many ranks, and every compression of allreduce.
inline std::vector<Variant> variants(std::size_t ranks) {
    std::vector<Variant> all;
    for (const auto& method : scenario::methods()) {
        if (method.method == scenario::Method::serial) continue;
        scenario::Config config;
        config.method = method.method;
        config.server = scenario::Server::dedicated;
        config.workers = ranks - scenario::server_count(config);
        config.period.steps = 1;
        config.groups = 1;
        config.backup = 0;
        all.push_back({std::string(method.name), config});
        if (method.method != scenario::Method::allreduce) continue;
        for (const auto& compression : scenario::choices<scenario::Compression>()) {
            if (compression.value == scenario::Compression::none) continue;
            config.compression = compression.value;
            all.push_back({"allreduce " + std::string(compression.name), config});
        }
    }
    return all;
}

}  // namespace lockstep::bench
