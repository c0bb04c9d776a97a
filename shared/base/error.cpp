#include "base/error.hpp"

#include <fmt/format.h>

namespace lockstep::base {

InputError::InputError(std::string_view subject, std::string_view given, std::string_view allowed,
                       std::string_view remedy)
    : InputError(fmt::format("{}: given '{}'; allowed: {}{}{}", subject, given, allowed,
                             remedy.empty() ? "" : "; ", remedy)) {}

}  // namespace lockstep::base
