#pragma once

#include <span>

namespace lockstep::comm {

/// vector += incoming, charged as one operation per value.
void add_charged(std::span<float> vector, std::span<const float> incoming);

}  // namespace lockstep::comm
