#include "base/error.hpp"

#include <fmt/format.h>

#include "base/terminal.hpp"

namespace lockstep::base {

std::string one_line(std::string_view message) {
    constexpr std::size_t most = 4000;
    return printable(shortened(message, most));
}

Error::Error(ExitStatus status, std::string_view message)
    : std::runtime_error(one_line(message)), status_(status) {}

InputError::InputError(std::string_view subject, std::string_view given, std::string_view allowed,
                       std::string_view remedy)
    : InputError(fmt::format("{}: given '{}'; allowed: {}{}{}", subject, shortened(given), allowed,
                             remedy.empty() ? "" : "; ", remedy)) {}

}  // namespace lockstep::base
