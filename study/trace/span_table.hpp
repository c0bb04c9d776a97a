#pragma once

#include "events/timeline.hpp"
#include "study/trace/chrome_trace.hpp"

namespace lockstep::study {

/// A row for each span of time of each rank, by rank and begin, as comma-separated values with one header
/// line (docs/formats/timeline.md). A column is empty where it has no meaning for the kind.
void write_span_table(const events::Timeline& timeline, Sink sink);

}  // namespace lockstep::study
