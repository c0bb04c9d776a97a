#include "calibration/run_sizes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "exchange/server/server_parts.hpp"
#include "scenario/applicability.hpp"

namespace lockstep::calibration {
namespace {

constexpr std::size_t value_bytes = 4;

/// Of all messages of the run; 0 where nobody knows them, or there are none.
std::size_t mean_message_bytes(const scenario::Config& config, const run::Problem& problem) {
    exchange::Work work = problem.work(config);
    work.steps_taken = work.all_steps();
    const auto traffic = scenario::method_of(config)->traffic(work);
    if (!traffic || traffic->messages == 0) return 0;
    return static_cast<std::size_t>(
        std::lround(static_cast<double>(traffic->bytes) / static_cast<double>(traffic->messages)));
}

/// Of a gradient; 0 where it travels as it is.
std::size_t code_bytes(const scenario::Config& config, const run::Problem& problem) {
    if (!scenario::applies("compression", config) || config.compression->is_plain()) return 0;
    const exchange::Compressing& compressing = config;
    return value_bytes * compressing.words(problem.blocks, problem.parameters);
}

void add_unless_known(std::vector<std::size_t>& sizes, std::size_t bytes) {
    if (bytes > 0 && std::ranges::none_of(sizes, [&](std::size_t other) {
            return are_same_size(static_cast<double>(bytes), static_cast<double>(other));
        }))
        sizes.push_back(bytes);
}

/// The mean, where that is the size of most; the model's, where it lies between that and a code's.
std::size_t usual_of(const std::vector<std::size_t>& sizes, std::size_t mean, std::size_t code) {
    const std::size_t model = sizes.front();
    if (mean == 0 ||
        (code > 0 && mean > code && !are_same_size(static_cast<double>(mean), static_cast<double>(code))))
        return model;
    return *std::ranges::find_if(sizes, [&](std::size_t bytes) {
        return are_same_size(static_cast<double>(mean), static_cast<double>(bytes));
    });
}

}  // namespace

RunSizes sizes_of_run(const scenario::Config& config, const run::Problem& problem) {
    std::vector<std::size_t> sizes{value_bytes * problem.parameters};
    const std::size_t code = code_bytes(config, problem);
    const std::size_t mean = mean_message_bytes(config, problem);
    const std::size_t servers = std::max<std::size_t>(scenario::server_count(config), 1);
    add_unless_known(sizes, value_bytes * exchange::part_of(problem.parameters, servers, 0).size);
    add_unless_known(sizes, code);
    std::size_t part = problem.parameters;
    for (std::size_t ranks = 1; 2 * ranks <= config.workers; ranks *= 2)
        add_unless_known(sizes, value_bytes * (part /= 2));
    add_unless_known(sizes, mean);
    RunSizes result{usual_of(sizes, mean, code), sizes, false};
    std::ranges::sort(result.all);
    return result;
}

bool are_same_size(double one_bytes, double other_bytes) {
    constexpr double same = 0.02;
    return std::abs(one_bytes / other_bytes - 1) < same;
}

}  // namespace lockstep::calibration
