#include "study/launch/shell_words.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::study {
namespace {

constexpr std::string_view blanks = " \t\n";
constexpr std::string_view not_taken = "|&;<>(){}$`";  // unquoted

bool is_one_of(std::string_view letters, char letter) {
    return letters.find(letter) != std::string_view::npos;
}

/// What has been read is taken from the beginning of the text. False: it has no end, or is the shell's
/// business.
bool read_single_quoted(std::string_view& text, std::string& word) {
    const std::size_t end = text.find('\'');
    if (end == std::string_view::npos) return false;
    word += text.substr(0, end);
    text.remove_prefix(end + 1);
    return true;
}

bool read_double_quoted(std::string_view& text, std::string& word) {
    while (!text.empty()) {
        const char letter = text.front();
        text.remove_prefix(1);
        if (letter == '"') return true;
        if (is_one_of("$`", letter)) return false;
        const bool is_escape = letter == '\\' && !text.empty() && is_one_of("$`\"\\", text.front());
        if (!is_escape) {
            word += letter;
            continue;
        }
        word += text.front();
        text.remove_prefix(1);
    }
    return false;
}

bool read_escaped(std::string_view& text, std::string& word) {
    if (text.empty()) return false;
    word += text.front();
    text.remove_prefix(1);
    return true;
}

/// The home folder, where `~` at the beginning of a word stands for it.
std::string tilde(std::string_view after) {
    const char* const home = std::getenv("HOME");
    const bool is_alone = after.empty() || is_one_of(" \t\n/", after.front());
    return is_alone && home != nullptr ? home : "~";
}

/// From a letter that is no blank to the next blank outside quotes.
std::optional<std::string> read_word(std::string_view& text) {
    std::string word;
    for (bool is_first = true; !text.empty() && !is_one_of(blanks, text.front()); is_first = false) {
        const char letter = text.front();
        text.remove_prefix(1);
        if (is_one_of(not_taken, letter)) return {};
        if (letter == '\''  ? !read_single_quoted(text, word)
            : letter == '"' ? !read_double_quoted(text, word)
                            : letter == '\\' && !read_escaped(text, word))
            return {};
        if (letter == '~' && is_first)
            word += tilde(text);
        else if (!is_one_of("'\"\\", letter))
            word += letter;
    }
    return word;
}

}  // namespace

std::vector<std::string> split_words(std::string_view option, std::string_view text) {
    std::vector<std::string> words;
    std::string_view rest = text;
    while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
        if (rest.empty()) return words;
        std::optional<std::string> word = read_word(rest);
        if (!word)
            throw base::InputError(option, text, "words as in a shell, with quotes in pairs",
                                   "quote characters like | & ; < > ( ), and leave variables to your shell");
        words.push_back(std::move(*word));
    }
}

std::string quoted_for_shell(std::string_view word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
    std::string text;
    for (const char letter : word) text += letter == '\'' ? "'\\''" : std::string(1, letter);
    return fmt::format("'{}'", text);
}

}  // namespace lockstep::study
