#pragma once

#include <string_view>

/// What was built, for the provenance of results. Defined in a file that the build generates
/// (cmake/build_info.cpp.in).
namespace lockstep::base {

std::string_view version();
std::string_view
git_revision();  ///< with "-dirty" where sources differed from it; "unknown" outside a checkout
std::string_view compiler();
std::string_view instruction_set();  ///< the widest vector instructions that the compiler was allowed to use

}  // namespace lockstep::base
