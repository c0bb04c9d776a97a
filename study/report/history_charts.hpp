#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "study/report/page/report_page.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {

/// Loss and accuracy of a run, with its evaluations as a table; nothing where there are none.
void add_history(ReportPage& page, const RunFolder& run);

/// Lines of the evaluations of several runs against time, epochs and samples: a view for each. `figure` is
/// test_loss, train_loss or test_accuracy. Empty where nothing was evaluated. Of runs whose workers were
/// evaluated one by one, the first few workers' (see undrawn).
std::vector<LineView> history_views(std::span<const RunFolder* const> runs,
                                    std::span<const std::string_view> figures, std::string_view y_title);

/// A sentence, after a blank, with how many workers' lines are not among those of history_views; empty where
/// all are.
std::string undrawn(std::span<const RunFolder* const> runs);

}  // namespace lockstep::study
