#pragma once

#include <string_view>

#include "base/function_ref.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {

/// Takes the pieces of an output, one after another.
using Sink = base::FunctionRef<void(std::string_view piece)>;

/// The run's timeline, which must be there, as trace events in JSON (the "Trace Event Format" of Chrome,
/// which Perfetto reads too; docs/formats/timeline.md): a thread for each rank whose complete events ("X")
/// fill it from the start to the rank's end without gaps or overlaps, so that each end of a message's arrow
/// (flow events "s" and "f") lies within one of them; instants for updates and evaluations; counters for
/// bytes in flight, staleness and loss. Times are whole nanoseconds, written in microseconds.
///
/// Cost: n log n for n events; memory beside the timeline: 16 bytes for each end of a message.
void write_chrome_trace(const RunFolder& run, Sink sink);

}  // namespace lockstep::study
