#pragma once

#include "study/report/page/report_page.hpp"
#include "study/report/sweep/sweep_table.hpp"

namespace lockstep::study {

/// A sweep: its figures as lines with confidence bands and where these cross, who is best where two keys were
/// swept, scaling where workers were, and the table of all points.
void add_sweep_section(ReportPage& page, const SweepTable& sweep);

}  // namespace lockstep::study
