#pragma once

#include <string>

#include "result/result.hpp"

namespace lockstep::result {

/// The tables below a run's summary (to_text), each after an empty line.

/// A bar per staleness; the largest ones share the last bar where there are many. Nothing where no update has
/// one.
std::string staleness_histogram(const Result& result);

/// A row for each rank; of more than 16 the first and the last eight. Nothing where none is known.
std::string worker_rows(const Result& result);

}  // namespace lockstep::result
