#include "base/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace lockstep::base {
namespace {

constexpr std::size_t usual_columns = 80;
constexpr std::size_t fewest_columns = 20;

/// Empty where it is unset.
std::string_view variable(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets variables
    return value == nullptr ? std::string_view() : value;
}

}  // namespace

std::size_t terminal_columns(int descriptor) {
    const std::string_view wanted = variable("COLUMNS");
    std::size_t columns = 0;
    std::from_chars(wanted.data(), wanted.data() + wanted.size(), columns);
    winsize window{};
    if (columns == 0 && ::ioctl(descriptor, TIOCGWINSZ, &window) == 0) columns = window.ws_col;
    return columns == 0 ? usual_columns : std::max(columns, fewest_columns);
}

bool shows_colour(int descriptor) {
    return ::isatty(descriptor) == 1 && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

std::string printable(std::string_view text) {
    constexpr unsigned char first_printable = 0x20;
    constexpr unsigned char del = 0x7f;
    constexpr unsigned char c1_lead = 0xc2;  // of U+0080 to U+00BF; the controls end with U+009F
    constexpr unsigned char c1_begin = 0x80;
    constexpr unsigned char c1_end = 0xa0;
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
        const bool is_c1 = byte == c1_lead && next >= c1_begin && next < c1_end;
        result += is_c1 || byte < first_printable || byte == del ? '?' : text[i];
        if (is_c1) ++i;
    }
    return result;
}

bool locale_is_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        std::string value(variable(name));
        if (value.empty()) continue;
        for (char& letter : value)
            letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    }
    return false;
}

}  // namespace lockstep::base
