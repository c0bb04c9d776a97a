#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "study/manual/page.hpp"

namespace lockstep::study {

/// The command line of a command that takes no scenario.
struct Request {
    std::vector<std::string> operands;
    std::map<std::string, std::string, std::less<>> values;  ///< of every key, given or default

    const std::string& value(std::string_view key) const { return values.find(key)->second; }
    bool is_set(std::string_view flag) const { return value(flag) == "yes"; }
};

/// Reads `[OPERAND...] [--key value | --key=value | --flag ...]`. Where help or the version is asked for, it
/// is printed, and there is no request. Errors: InputError for a key that is unknown (naming the nearest
/// known one) or given twice, a missing value, and one that is none of the key's choices.
std::optional<Request> read_request(const CommandPage& page, std::span<const std::string> arguments);

/// The one operand. Errors: InputError, with `example` as the remedy.
const std::string& only_operand(const Request& request, std::string_view what, std::string_view example);

}  // namespace lockstep::study
