#pragma once

#include <span>
#include <string_view>

namespace lockstep::comm {

/// Throws base::InputError naming the call where its scratch is shorter than its vector.
void require_scratch(std::string_view call, std::span<const float> vector, std::span<const float> scratch);

/// vector += incoming, charged as one operation per value.
void add_charged(std::span<float> vector, std::span<const float> incoming);

}  // namespace lockstep::comm
