#pragma once

#include <span>

#include "comm/collectives/group.hpp"

namespace lockstep::comm {

/// Gives every rank the words of all, in the order of ranks, around a ring.
///
/// Shapes: `own` is equally long on all ranks; `all` is p times as long; they do not overlap. Words travel as
/// they are: they may be codes (compression/codec.hpp), so not over a HalfWire. Collective over the group.
///
/// Cost: p (p - 1) messages, (p - 1) times the bytes of `all`; time (p - 1)(alpha + b beta), b being the
/// bytes of `own`. Source: Thakur, Rabenseifner, Gropp 2005, section 4.1.
void allgather(const Group& group, std::span<const float> own, std::span<float> all);

}  // namespace lockstep::comm
