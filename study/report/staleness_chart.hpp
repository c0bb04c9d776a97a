#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "result/result.hpp"
#include "study/report/page/report_page.hpp"

namespace lockstep::study {

/// Values of the staleness from `first` to `last`, which share one bar.
struct StalenessBin {
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    std::string name() const;  ///< `3` or `8 to 11`
};

/// Bins of equal width that hold all values up to `largest`; at most `most` of them.
std::vector<StalenessBin> staleness_bins(std::uint64_t largest, std::size_t most);

/// A histogram of each worker's updates, and of all; nothing where no update has a staleness.
void add_staleness_chart(ReportPage& page, const result::Result& result);

}  // namespace lockstep::study
