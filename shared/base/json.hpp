#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace lockstep::base {

/// What no document exceeds that is read: its bytes, and lists and objects within each other.
inline constexpr std::size_t most_of_json = std::size_t{1} << 28U;
inline constexpr int most_nested = 64;
/// Each key is compared with those before it in its object: together no more than those of an object of 32768
/// keys. A key counts once more for each `bytes_of_a_key` of its length.
inline constexpr std::uint64_t most_compared = 1ULL << 29U;
inline constexpr std::size_t bytes_of_a_key = 16;

/// The one place where JSON is read: what is nested deeper is never built, since values are copied, written
/// and destroyed recursively. Throws std::invalid_argument, which says in what way the text is none, in
/// words that follow those which name the file, and holds nothing of the text.
nlohmann::ordered_json parse_json(std::string_view text);

/// A value in a message: numbers, words and the beginning of texts as they are, lists and objects by that
/// word.
std::string described(const nlohmann::ordered_json& value);

}  // namespace lockstep::base
