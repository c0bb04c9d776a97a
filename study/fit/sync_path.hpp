#pragma once

#include <cstddef>

#include "exchange/averaging.hpp"

namespace lockstep::study {

using SummingBy = decltype(exchange::Summing::collective);

/// What decides how long a sum of all parameters takes where every worker has a link of its own: so many
/// messages one after another, and so many bytes of them. The closed form of the collective.
struct SyncPath {
    double messages = 0;
    double bytes = 0;

    double time_s(double latency_s, double bandwidth_Bps) const {
        return messages * latency_s + bytes / bandwidth_Bps;
    }
    bool operator==(const SyncPath&) const = default;
};

/// The collective must be one whose messages are known, and the workers two or more.
SyncPath sync_path(const SummingBy& collective, std::size_t workers, std::size_t parameters);

}  // namespace lockstep::study
