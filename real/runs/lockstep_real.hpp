#pragma once

#include <string_view>

#include "base/function_ref.hpp"
#include "comm/agreement.hpp"
#include "comm/communicator.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"

/// What the parts of lockstep-real have in common.
namespace lockstep::real {

inline constexpr std::string_view program_name = "lockstep-real";

/// comm::agreed() on something of which errors name the scenario's file where a key of it is wrong.
inline void agreed(comm::Communicator& communicator, const scenario::Invocation& invocation,
                   base::FunctionRef<void()> action) {
    comm::agreed(communicator, [&] { scenario::naming_file(invocation, action); });
}

}  // namespace lockstep::real
