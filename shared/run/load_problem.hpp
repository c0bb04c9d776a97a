#pragma once

#include <memory>

#include "run/problem.hpp"

namespace lockstep::run {

/// All of it: read_problem(), and the order to replay. Throws base::InputError also for one that is none of
/// such a run.
Problem load_problem(const scenario::Config& config, std::shared_ptr<const data::Dataset> dataset = nullptr);

}  // namespace lockstep::run
