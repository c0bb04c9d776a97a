#pragma once

#include "study/report/page/report_page.hpp"
#include "study/report/validation_file.hpp"

namespace lockstep::study {

/// The verdict of a validation, measured against simulated times with error bars, and the errors.
void add_validation_section(ReportPage& page, const ValidationFile& validation);

}  // namespace lockstep::study
