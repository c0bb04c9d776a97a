#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lockstep::base {

/// Columns to write in on that descriptor: $COLUMNS where it says so, else what the terminal says, else 80;
/// at least 20.
std::size_t terminal_columns(int descriptor);

/// Whether colours are welcome there: on a terminal that is not dumb, and without NO_COLOR (no-color.org).
bool shows_colour(int descriptor);

/// The text with `\x1b` in place of each byte of what a terminal does not just show: control characters, line
/// ends too, those that change the direction of text, and what is no UTF-8. So what a file says cannot move
/// the cursor or change a terminal's state, and one line stays one line.
std::string printable(std::string_view text);

/// Bytes of the text without a last character of UTF-8 of which more bytes may follow.
std::size_t whole_characters(std::string_view text);

/// As much of the text as a message quotes: its first `most` bytes, and `...` where there are more.
std::string shortened(std::string_view text, std::size_t most = 120);

/// Whether the locale of the environment (LC_ALL, LC_CTYPE, LANG, the first that is set) is one of UTF-8.
bool locale_is_utf8();

}  // namespace lockstep::base
