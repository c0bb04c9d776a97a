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

/// The text with `?` in place of each control character (C0, DEL, and C1 in UTF-8), line ends too: what a
/// file says cannot move the cursor or change a terminal's state.
std::string printable(std::string_view text);

/// Whether the locale of the environment (LC_ALL, LC_CTYPE, LANG, the first that is set) is one of UTF-8.
bool locale_is_utf8();

}  // namespace lockstep::base
