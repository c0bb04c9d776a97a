#pragma once

#include <span>
#include <string_view>

#include "study/plot/script.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {

/// What accuracy and loss are drawn against.
enum class Against { time, epochs, samples };
Against against(std::string_view name);

/// Each puts one figure into the script. `runs` are not empty. Errors: InputError where a run has no such
/// figures, or there are several and the figure is of one.

/// The evaluations of the shared parameters, a line for each run.
void draw_accuracy(GnuplotScript& script, std::span<const RunFolder> runs, Against against);
/// Likewise; of a single run also the training loss.
void draw_loss(GnuplotScript& script, std::span<const RunFolder> runs, Against against);
/// A stacked bar for each rank of one run.
void draw_time_shares(GnuplotScript& script, std::span<const RunFolder> runs);
/// Updates by staleness, a bar for each run.
void draw_staleness(GnuplotScript& script, std::span<const RunFolder> runs);
/// Updates of each worker, a bar for each run.
void draw_updates(GnuplotScript& script, std::span<const RunFolder> runs);
/// A row for each rank of one run with its time from left to right. More spans than can be drawn become
/// columns, one for each short stretch of time, divided by use.
void draw_timeline(GnuplotScript& script, std::span<const RunFolder> runs);

}  // namespace lockstep::study
