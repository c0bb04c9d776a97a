#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

/// What readers promise of anything that they are fed with: they take it or throw the one exception by which
/// they refuse, and what they have taken can be written and read again. A promise that is broken leaves as an
/// exception of another type, or as what a sanitizer says.
namespace lockstep::fuzz {

/// What reading gives; nothing where it is refused.
template <typename Refusal = base::InputError, typename Read>
auto taken(Read read) -> std::optional<decltype(read())> {
    try {
        return read();
    } catch (const Refusal&) {
        return std::nullopt;
    }
}

/// The same of what gives nothing.
template <typename Refusal = base::InputError, typename Check>
bool accepts(Check check) {
    try {
        check();
        return true;
    } catch (const Refusal&) {
        return false;
    }
}

/// Throws std::logic_error.
void require(bool holds, std::string_view promise);

/// That what was read, written and read again is written as before. Throws std::logic_error with both.
void require_same(std::string_view again, std::string_view before);

/// For files of this process alone; removed in its end.
const std::filesystem::path& folder();

/// The input as a file of that name in it.
std::filesystem::path file_of(std::string_view input, const std::string& name);

}  // namespace lockstep::fuzz
