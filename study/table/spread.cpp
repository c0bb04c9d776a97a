#include "study/table/spread.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "result/fields.hpp"
#include "study/sweep/statistics.hpp"

namespace lockstep::study {

Spread spread(std::span<const Run> runs, double result::Summary::*figure) {
    Spread spread;
    std::vector<double> numbers;
    for (const Run& run : runs) {
        if (!run.result) continue;
        const double number = run.result->summary.*figure;
        if (std::isfinite(number))
            numbers.push_back(number);
        else
            ++spread.undefined;
    }
    spread.count = numbers.size();
    if (numbers.empty()) return spread;
    if (spread.undefined == 0) spread.mean = estimate(numbers).mean;
    const auto [least, most] = std::ranges::minmax(numbers);
    spread.least = least;
    spread.most = most;
    return spread;
}

std::size_t count_there(std::span<const Run> runs) {
    return static_cast<std::size_t>(
        std::ranges::count_if(runs, [](const Run& run) { return run.result.has_value(); }));
}

std::string_view worst_outcome(std::span<const Run> runs) {
    result::Outcome worst = result::Outcome::finished;
    for (const Run& run : runs) {
        if (!run.result) return "failed";
        worst = std::max(worst, run.result->summary.outcome);
    }
    return result::name(worst);
}

}  // namespace lockstep::study
