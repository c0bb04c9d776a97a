#include "study/manual/key_words.hpp"

namespace lockstep::study {
namespace {

using Value = KeyWords::Value;

Value value_of(const std::string& placeholder, const std::vector<std::string>& choices) {
    if (!choices.empty()) return Value::one_of;
    if (placeholder.empty()) return Value::none;
    if (placeholder == "FILE") return Value::file;
    return placeholder.starts_with("DIR") ? Value::folder : Value::anything;
}

}  // namespace

std::vector<KeyWords> run_key_words() {
    std::vector<KeyWords> all;
    for (const scenario::Option& option : scenario::options())
        all.push_back({std::string(option.key), std::string(option.help),
                       value_of(option.kind.placeholder, option.kind.choices), option.kind.choices});
    return all;
}

std::vector<KeyWords> own_key_words(const CommandPage& page) {
    std::vector<KeyWords> all;
    for (const scenario::ExtraOption& option : page.keys)
        all.push_back(
            {option.key, option.help, value_of(option.placeholder, option.choices), option.choices});
    return all;
}

}  // namespace lockstep::study
