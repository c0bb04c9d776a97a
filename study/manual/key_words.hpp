#pragma once

#include <string>
#include <vector>

#include "study/manual/page.hpp"

namespace lockstep::study {

/// What a shell needs to know of a command's key.
struct KeyWords {
    enum class Value { none, one_of, file, folder, anything };
    std::string key;  ///< without dashes
    std::string help;
    Value value = Value::anything;
    std::vector<std::string> choices;  ///< of one_of
};

/// The keys of every run, and the command's own.
std::vector<KeyWords> run_key_words();
std::vector<KeyWords> own_key_words(const CommandPage& page);

}  // namespace lockstep::study
