#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::option {

/// The parts between separators; none where the text is empty. A trailing separator is followed by an empty
/// part.
std::vector<std::string_view> split_list(std::string_view text, char separator = ',');

/// `a, b, c` with separator `, `.
template <typename Text>
std::string joined(const std::vector<Text>& parts, std::string_view separator) {
    std::string text;
    for (const Text& part : parts) {
        if (&part != &parts.front()) text += separator;
        text += part;
    }
    return text;
}

}  // namespace lockstep::option
