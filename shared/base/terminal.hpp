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

/// `text` broken at blanks into lines of at most `width` columns, each after the first indented.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// For people: a sentence in one line, or, where that has more than 78 columns, in several, further ones
/// indented by two blanks: none beyond 80; ended by a newline. Only a word that is longer itself makes a
/// longer line. Of what a sentence quotes from files and users what is printable() stays. Who looks
/// for words in it must reckon with the end of a line in place of each blank.
std::string in_lines(std::string_view sentence);

/// Bytes of the text without a last character of UTF-8 of which more bytes may follow.
std::size_t whole_characters(std::string_view text);

/// As much of the text as a message quotes: its first `most` bytes, and `...` where there are more.
std::string shortened(std::string_view text, std::size_t most = 120);

/// Whether the locale of the environment (LC_ALL, LC_CTYPE, LANG, the first that is set) is one of UTF-8.
bool locale_is_utf8();

}  // namespace lockstep::base
