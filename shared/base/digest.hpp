#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lockstep::base {

/// 128-bit XXH3 of the vector's bytes as 32 hexadecimal digits. Two parameter vectors are bit-for-bit equal
/// if and (for all practical purposes) only if their digests are.
std::string digest(std::span<const float> values);

/// The same of any bytes.
std::string digest_of_bytes(std::string_view bytes);

}  // namespace lockstep::base
