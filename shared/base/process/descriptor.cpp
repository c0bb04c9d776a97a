#include "base/process/descriptor.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::base {

void fail_call(std::string_view call) {
    throw EnvironmentError(fmt::format("{} failed: {}", call, std::strerror(errno)));
}

}  // namespace lockstep::base
