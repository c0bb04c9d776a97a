#pragma once

#include <sstream>
#include <string>

namespace lockstep::support {

/// What a terminal's width broke into lines, put together again: words with a blank between.
inline std::string in_one_line(const std::string& text) {
    std::istringstream words(text);
    std::string together;
    for (std::string word; words >> word;) together += (together.empty() ? "" : " ") + word;
    return together;
}

}  // namespace lockstep::support
