#include "exchange/server/staleness.hpp"

#include <algorithm>

#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

float inverse(std::uint64_t staleness) {
    return static_cast<float>(1.0 / static_cast<double>(std::max<std::uint64_t>(1, staleness)));
}

constexpr StepSizeRow step_sizes[]{{"constant", nullptr}, {"staleness-aware", inverse}};

}  // namespace

std::span<const StepSizeRow> StepSizeRow::all() {
    return step_sizes;
}

std::vector<option::Option<Weighing>> Weighing::options() {
    return {{"step-size", option::choice(&Weighing::step_size),
             "Of updates that come late. staleness-aware: an update counts 1 / max(1, staleness)."}};
}

}  // namespace lockstep::exchange
