#pragma once

#include <span>
#include <string>

namespace lockstep::base {

/// 128-bit XXH3 of the vector's bytes as 32 hexadecimal digits. Two parameter vectors are bit-for-bit equal
/// if and (for all practical purposes) only if their digests are.
std::string digest(std::span<const float> values);

}  // namespace lockstep::base
