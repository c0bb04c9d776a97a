#pragma once

#include <string_view>

namespace lockstep::study {

/// The parts of every report that are the same, compiled in from files at build time (CMakeLists.txt).
std::string_view chart_library();    ///< Chart.js, minified; empty: built where there is none
std::string_view charts_script();    ///< page/charts.js
std::string_view timeline_script();  ///< page/timeline.js
std::string_view page_script();      ///< page/page.js
std::string_view page_style();       ///< page/page.css

}  // namespace lockstep::study
