#pragma once

#include <string>

namespace lockstep::base {

/// What the machine is called here, which a namespace may decide.
std::string host_name();

/// Of the kernel that runs here, from its start to its end: containers and network namespaces share it, other
/// machines of the same name do not. Nothing where there is none.
std::string boot_id();

}  // namespace lockstep::base
