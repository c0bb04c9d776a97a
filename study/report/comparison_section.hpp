#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/report/page/report_page.hpp"
#include "study/report/sources.hpp"

namespace lockstep::study {

/// Runs over one another: a table and curves of loss and accuracy; and for each configuration of which there
/// are a simulated and a real run, these side by side. Runs without a result are left out.
void add_comparison_section(ReportPage& page, std::string_view heading, std::span<const RunFolder> runs);

/// What `compare` found out about each method, in a sentence each.
void add_limits(ReportPage& page, const std::vector<std::string>& sentences);

}  // namespace lockstep::study
