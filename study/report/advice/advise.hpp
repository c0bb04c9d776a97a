#pragma once

#include "result/result.hpp"
#include "study/report/advice/advice.hpp"

namespace lockstep::study {

/// What a run's own figures say of it.
Advice advise(const result::Result& result);

}  // namespace lockstep::study
