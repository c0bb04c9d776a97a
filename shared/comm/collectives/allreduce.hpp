#pragma once

#include <cstddef>
#include <span>

#include "comm/collectives/group.hpp"

namespace lockstep::comm {

/// Textbook collectives over point-to-point messages, in one file each, that add in the same order
/// everywhere: every rank ends with the same bits, in simulation and reality, for any number of ranks p and
/// any length n (also p > n).
///
/// Shapes: `vector` is n values on every rank, replaced by the sum over ranks; `scratch` at least as long,
/// overwritten; base::InputError where it is shorter. Collective over all ranks. Arithmetic is charged
/// through backend::compute, one operation per value added. Costs below: B = 4 n bytes, lg = log2 rounded up,
/// p' = the largest power of two up to p, r = p - p'. All ranks together.
///
/// Over a group with a HalfWire bytes are halved. Sums are of float32 values, rounded where they travelled; a
/// rank may be left with digits that did not: HalfWire::round() afterwards gives all ranks the same bits.
using Allreduce = void (*)(const Group& group, std::span<float> vector, std::span<float> scratch);

/// Binomial reduce to rank 0, then binomial broadcast. Cost: 2 (p - 1) messages of B; time
/// 2 lg p (alpha + B beta) + lg p B gamma. Source: Thakur, Rabenseifner, Gropp 2005, section 3 and 4.
void allreduce_tree(const Group& group, std::span<float> vector, std::span<float> scratch);

/// Reduce-scatter and allgather around a ring. Cost: 2 p (p - 1) messages, 2 (p - 1) B bytes; time
/// 2 (p - 1) alpha + 2 (p-1)/p B beta + (p-1)/p B gamma. Source: Patarasuk, Yuan 2009.
void allreduce_ring(const Group& group, std::span<float> vector, std::span<float> scratch);

/// Pairwise exchange of whole vectors at doubling distances; the r surplus ranks fold into a neighbour first.
/// Cost: p' lg p' + 2 r messages of B; time lg p (alpha + B beta + B gamma), with r > 0 (lg p' + 2)(alpha + B
/// beta) + (lg p' + 1) B gamma. Source: Thakur et al. 2005, section 4.
void allreduce_recursive_doubling(const Group& group, std::span<float> vector, std::span<float> scratch);

/// Recursive halving reduce-scatter, recursive doubling allgather; surplus ranks fold as above. Cost: 2 p' lg
/// p' + 2 r messages, (2 (p' - 1) + 2 r) B bytes; time (2 lg p' [+ 2]) alpha + (2 (p'-1)/p' [+ 2]) B beta +
/// ((p'-1)/p' [+ 1]) B gamma. Source: Rabenseifner 2004; Thakur et al. 2005, section 4.
void allreduce_rabenseifner(const Group& group, std::span<float> vector, std::span<float> scratch);

/// Everybody sends to rank 0, which adds in rank order and sends the sum to each in turn. Cost: 2 (p - 1)
/// messages of B; time 2 (p - 1)(alpha + B beta) + (p - 1) B gamma.
void allreduce_flat(const Group& group, std::span<float> vector, std::span<float> scratch);

/// MPI's own MPI_Allreduce: order, messages and cost are the library's, so neither bits nor counts are
/// pinned.
void allreduce_library(const Group& group, std::span<float> vector, std::span<float> scratch);

/// Copies rank 0's vector to every rank along a binomial tree: p - 1 messages; time lg p (alpha + B beta).
void broadcast(const Group& group, std::span<float> vector);

}  // namespace lockstep::comm
