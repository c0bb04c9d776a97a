#include "study/manual/request.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/terminal.hpp"
#include "option/lists.hpp"
#include "option/suggest.hpp"
#include "scenario/help.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::ExtraOption;

const ExtraOption& find_key(const CommandPage& page, const std::string& key) {
    const auto found = std::ranges::find(page.keys, key, &ExtraOption::key);
    if (found != page.keys.end()) return *found;
    std::vector<std::string_view> keys{"help", "version"};
    for (const ExtraOption& option : page.keys) keys.push_back(option.key);
    const std::string_view meant = option::nearest(key, keys);
    throw InputError(meant.empty() ? fmt::format("--{}: unknown option; lockstep {} --help lists all",
                                                 base::shortened(key), page.name)
                                   : fmt::format("--{}: unknown option; did you mean --{}?", key, meant));
}

void require_choice(const ExtraOption& option, const std::string& value) {
    if (option.choices.empty() || value == option.default_value ||
        std::ranges::find(option.choices, value) != option.choices.end())
        return;
    const std::vector<std::string_view> choices(option.choices.begin(), option.choices.end());
    const std::string_view meant = option::nearest(value, choices);
    throw InputError(fmt::format("--{}", option.key), value, option::joined(choices, ", "),
                     meant.empty() ? "write one of them" : fmt::format("did you mean {}?", meant));
}

/// Takes the words one after another.
class Reader {
  public:
    Reader(const CommandPage& page, std::span<const std::string> words) : page_(page), words_(words) {
        for (const ExtraOption& option : page.keys) request_.values[option.key] = option.default_value;
    }

    Request read() {
        while (!words_.empty()) {
            const std::string word = next();
            if (word.starts_with("-") && word != "-")
                read_key(word.substr(word.find_first_not_of('-') == 2 ? 2 : 1));
            else
                request_.operands.push_back(word);
        }
        return std::move(request_);
    }

  private:
    std::string next() {
        std::string word = words_.front();
        words_ = words_.subspan(1);
        return word;
    }

    /// Whether the word opens another key. A value may begin with two dashes, but is then no key that there
    /// is.
    bool is_key(const std::string& word) const {
        if (!word.starts_with("--")) return false;
        const std::string key = word.substr(2, word.find('=') - 2);
        return std::ranges::find(page_.keys, key, &ExtraOption::key) != page_.keys.end();
    }

    void read_key(const std::string& text) {
        const std::size_t equals = text.find('=');
        const std::string key = text.substr(0, equals);
        const ExtraOption& option = find_key(page_, key);
        if (std::ranges::find(given_, option.key) != given_.end())
            throw InputError(fmt::format("--{}: given twice; remove one", option.key));
        given_.push_back(option.key);
        const bool is_flag = !option.value_where_alone.empty();
        if (is_flag && equals != std::string::npos)
            throw InputError(fmt::format("--{}: takes no value", option.key));
        const bool has_next = !words_.empty() && !is_key(words_.front());
        if (!is_flag && equals == std::string::npos && !has_next)
            throw InputError(
                fmt::format("--{0}: the value is missing; write --{0} {1}", option.key, option.placeholder));
        const std::string value = is_flag                       ? option.value_where_alone
                                  : equals != std::string::npos ? text.substr(equals + 1)
                                                                : next();
        require_choice(option, value);
        request_.values[option.key] = value;
    }

    const CommandPage& page_;
    std::span<const std::string> words_;
    std::vector<std::string> given_;
    Request request_;
};

}  // namespace

std::optional<Request> read_request(const CommandPage& page, std::span<const std::string> arguments) {
    const auto asks = [&](std::string_view word) {
        return std::ranges::find(arguments, word) != arguments.end();
    };
    if (asks("--help") || asks("-h")) {
        base::print_to_stdout(scenario::help(page.usage(), page.groups(), page.keys, page.keys_title));
        return std::nullopt;
    }
    if (asks("--version")) {
        base::print_to_stdout(fmt::format("lockstep {} ({})\n", base::version(), base::git_revision()));
        return std::nullopt;
    }
    return Reader(page, arguments).read();
}

const std::string& only_operand(const Request& request, std::string_view what, std::string_view example) {
    if (request.operands.empty())
        throw InputError(fmt::format("{} is missing; write for example {}", what, example));
    if (request.operands.size() > 1)
        throw InputError(std::string(what), option::joined(request.operands, " "), "one",
                         fmt::format("write for example {}", example));
    return request.operands.front();
}

}  // namespace lockstep::study
