#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "option/kind.hpp"

namespace lockstep::scenario {

/// How far checkpoints of a run lie apart: seconds on the run's own clock, or whole epochs.
using CheckpointInterval = std::variant<double, std::uint64_t>;

/// Written `30s` or `2epochs`; `auto` where it is unset.
option::Value<std::optional<CheckpointInterval>> checkpoint_interval();

}  // namespace lockstep::scenario
