#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "scenario/config.hpp"

namespace lockstep::scenario {

/// A key that has no effect on some runs. Keys without an entry apply to all.
struct Applicability {
    std::string_view key;
    std::string where;  ///< completes "applies only ...": `with --method sync-average`
    std::function<bool(const Config&)> holds;
};

std::span<const Applicability> applicabilities();

/// Whether the key's value has any effect on the run.
bool applies(std::string_view key, const Config& config);

}  // namespace lockstep::scenario
