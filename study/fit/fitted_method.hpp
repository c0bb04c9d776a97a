#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenario/config.hpp"

namespace lockstep::study {

/// A method as others call it.
struct FittedMethod {
    scenario::Method method;
    /// Sends gradients in parts while others are computed, as PyTorch's DistributedDataParallel does.
    bool overlaps = false;

    /// `local-sgd`, or `ddp` for allreduce that overlaps.
    std::string name() const;
    /// Whether its workers step on their own for a while.
    bool has_period() const { return method->has("period"); }
    /// Whether each of its exchanges is one sum of all parameters, whether or not it overlaps.
    bool sums_all_parameters() const;
    bool operator==(const FittedMethod&) const = default;
};

/// The method of that name, whose case, dashes and underscores do not count: `localsgd` and `Local_SGD` are
/// local-sgd. Nothing where there is none.
std::optional<FittedMethod> find_fitted_method(std::string_view name);

/// For messages: `allreduce, sync-average, ...`: those that sum all parameters.
std::string names_of_fitted_methods();

}  // namespace lockstep::study
