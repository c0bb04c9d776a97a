#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/one_of.hpp"
#include "option/kind.hpp"

namespace lockstep::exchange {

/// What an update counts that comes late.
struct StepSizeRow {
    static constexpr std::string_view what = "step size";
    std::string_view name;
    /// Null: just 1, whatever the staleness.
    float (*weight)(std::uint64_t staleness);

    static std::span<const StepSizeRow> all();
};

/// * constant: 1.
/// * staleness-aware: 1 / max(1, staleness) (Zhang, Gupta, Lian, Liu 2016, 1511.05950, eq. 6).
using StepSize = base::OneOf<StepSizeRow>;

/// Of asynchronous methods.
struct Weighing {
    StepSize step_size = "constant";

    bool weighs() const { return step_size->weight != nullptr; }
    float weight(std::uint64_t staleness) const { return weighs() ? step_size->weight(staleness) : 1; }

    bool operator==(const Weighing&) const = default;
    static std::vector<option::Option<Weighing>> options();
};

}  // namespace lockstep::exchange
