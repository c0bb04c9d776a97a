#pragma once

#include <string>

#include "result/result.hpp"

namespace lockstep::study {

/// A command that tells by simulation what limits this configuration; empty where there is none, as for runs
/// that are told by `--platform` files that may be elsewhere.
std::string counterfactual_command(const result::Result& result);

}  // namespace lockstep::study
