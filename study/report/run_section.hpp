#pragma once

#include "study/report/page/report_page.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {

/// Everything about one run: what limited it, summary, provenance, and its charts. Of a part, what there is.
void add_run_section(ReportPage& page, const RunFolder& run);

}  // namespace lockstep::study
