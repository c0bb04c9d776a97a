#include "base/terminal.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#include <fmt/format.h>
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

struct Character {
    char32_t code;
    std::size_t size;  ///< in bytes
};

/// Within a character of UTF-8.
bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

/// Of a text that is not empty. A byte that begins no character of UTF-8, in its one way of writing it, is a
/// control character.
Character first_character(std::string_view text) {
    constexpr Character none{0, 1};
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80U) return {lead, 1};
    const auto ones = static_cast<std::size_t>(std::countl_one(lead));
    if (ones < 2 || ones > 4 || text.size() < ones) return none;
    char32_t code = lead & (0x7fU >> ones);
    for (const char byte : text.substr(1, ones - 1)) {
        if (!is_continuation(byte)) return none;
        code = code << 6U | (static_cast<unsigned char>(byte) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};  // of which so many bytes are needed
    const bool is_half_of_a_pair = code >= 0xd800 && code <= 0xdfff;
    if (code < least.at(ones) || code > 0x10ffff || is_half_of_a_pair) return none;
    return {code, ones};
}

bool is_visible(char32_t code) {
    struct Range {
        char32_t first;
        char32_t last;
    };
    // C0; DEL and C1; marks of direction, with ends of lines and paragraphs; isolating ones
    constexpr std::array<Range, 6> hidden{
        {{0, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}}};
    return std::ranges::none_of(
        hidden, [=](const Range& range) { return code >= range.first && code <= range.last; });
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
    std::string result;
    while (!text.empty()) {
        const Character first = first_character(text);
        if (is_visible(first.code))
            result += text.substr(0, first.size);
        else
            for (const char byte : text.substr(0, first.size))
                result += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
        text.remove_prefix(first.size);
    }
    return result;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    std::string result;
    std::size_t column = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (column > 0 && column + 1 + word.size() > width) {
            result += '\n' + std::string(indent, ' ');
            column = 0;
        } else if (column > 0) {
            result += ' ';
            ++column;
        }
        result += word;
        column += word.size();
    }
    return result;
}

std::string in_lines(std::string_view sentence) {
    constexpr std::size_t columns = 80;
    constexpr std::size_t indent = 2;
    return wrapped(printable(sentence), columns - indent, indent) + '\n';
}

std::size_t whole_characters(std::string_view text) {
    constexpr std::size_t longest = 4;
    for (std::size_t back = 1; back < longest && back <= text.size(); ++back) {
        const char byte = text[text.size() - back];
        if (is_continuation(byte)) continue;
        const auto size = static_cast<std::size_t>(std::countl_one(static_cast<unsigned char>(byte)));
        return size > back ? text.size() - back : text.size();
    }
    return text.size();
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    while (most > 0 && is_continuation(text[most])) --most;
    return std::string(text.substr(0, most)) + "...";
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
