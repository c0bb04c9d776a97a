#pragma once

#include <string_view>

#include "scenario/options/options.hpp"

namespace lockstep::study {

/// Whether the result depends on the option's value: not on where and how a run goes (out, format, progress,
/// threads, data-cache), which the runs of a command share.
bool determines_result(const scenario::Option& option);

/// The option of that key. Errors: InputError where no result depends on it, or there is none, with the key
/// that may be meant. `given` is the value of `flag`, of the form `form`; `kept` says what such keys do:
/// `is the same for the whole sweep`.
const scenario::Option& result_option(std::string_view key, std::string_view flag, std::string_view given,
                                      std::string_view form, std::string_view kept);

}  // namespace lockstep::study
