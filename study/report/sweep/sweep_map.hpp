#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "study/report/page/chart.hpp"
#include "study/report/sweep/sweep_table.hpp"

namespace lockstep::study {

/// Maps over two axes at each combination of the other axes' values, the first few: the contender with the
/// best mean of each figure where several compete, else the figure itself in classes. One that more of its
/// runs reached the target with wins over one with fewer; where none did nobody does. Equal means, and such
/// whose confidence intervals overlap, are a tie. Empty where there are fewer than two axes.
std::vector<MapView> sweep_maps(const SweepTable& sweep);

/// Whether more of a figure is better: of accuracy and throughput.
bool more_is_better(std::string_view figure);

}  // namespace lockstep::study
