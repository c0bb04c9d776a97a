#pragma once

#include <string>
#include <vector>

#include "scenario/config.hpp"

namespace lockstep::bench {

struct Variant {
    std::string name;
    scenario::Config config;
};

/// Every method with an exchange in each step, on so many ranks, and every compression of allreduce.
inline std::vector<Variant> variants(std::size_t ranks) {
    std::vector<Variant> all;
    for (const scenario::Method& method : scenario::Method::all()) {
        if (method->traits->is_alone) continue;
        scenario::Config config;
        config.method = method;
        config.server = exchange::Server::dedicated;
        config.workers = ranks - scenario::server_count(config);
        config.period.steps = 1;
        config.groups = 1;
        config.backup = 0;
        all.push_back({std::string(method.name()), config});
        if (!method->has("buckets")) continue;
        for (const scenario::Compression& compression : scenario::Compression::all()) {
            if (compression->is_plain()) continue;
            config.compression = compression;
            all.push_back({"allreduce " + std::string(compression.name()), config});
        }
    }
    return all;
}

}  // namespace lockstep::bench
