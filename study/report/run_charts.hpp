#pragma once

#include "study/report/page/report_page.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {

/// The charts of a run's result, each with its table: loss, accuracy, time shares, staleness, update shares,
/// traffic. A chart of something that the run does not have is left out.
void add_run_charts(ReportPage& page, const RunFolder& run);

}  // namespace lockstep::study
