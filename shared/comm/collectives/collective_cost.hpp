#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep::comm {

/// The alpha-beta-gamma model of a message.
struct LinkCost {
    double alpha_s = 0;        ///< a message
    double beta_s_per_B = 0;   ///< a byte
    double gamma_s_per_B = 0;  ///< a byte reduced
    double envelope_B = 0;     ///< bytes that every message carries besides its payload
    /// Values travel in 16 bits (HalfWire): its conversions are charged as 12 bytes reduced for each value of
    /// a message, 8 before it is sent and 4 after it has arrived.
    bool halves = false;
};

/// What a collective on p ranks and n float32 values costs: all ranks' messages and bytes, and the time until
/// the last rank is done on a network where every rank has its own full-duplex link. Source: Thakur,
/// Rabenseifner, Gropp 2005; Patarasuk, Yuan 2009. Times are exact where p divides n (ring) or p' divides n
/// (Rabenseifner), messages and bytes always.
struct CollectiveCost {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    double time_s = 0;
};

CollectiveCost tree_cost(std::size_t ranks, std::size_t values, const LinkCost& link);
CollectiveCost ring_cost(std::size_t ranks, std::size_t values, const LinkCost& link);
CollectiveCost recursive_doubling_cost(std::size_t ranks, std::size_t values, const LinkCost& link);
CollectiveCost rabenseifner_cost(std::size_t ranks, std::size_t values, const LinkCost& link);
CollectiveCost flat_cost(std::size_t ranks, std::size_t values, const LinkCost& link);

/// Of allgather() of so many words from each rank. Exact. They travel as they are, whatever `halves` says.
CollectiveCost allgather_cost(std::size_t ranks, std::size_t words, const LinkCost& link);

}  // namespace lockstep::comm
