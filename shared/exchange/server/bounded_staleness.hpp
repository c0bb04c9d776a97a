#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "exchange/server/gradient_server.hpp"
#include "exchange/server/server_parts.hpp"

namespace lockstep::exchange {

struct BoundedStalenessOptions {
    std::optional<std::size_t> staleness_bound = 3;  ///< unset: none

    bool operator==(const BoundedStalenessOptions&) const = default;
    static std::vector<option::Option<BoundedStalenessOptions>> options();
};

/// Stale synchronous parallel (Ho et al. 2013): a server steps by each gradient as it arrives, but a worker
/// may start its step number k only when all have done k - s (`--staleness-bound`); the server holds its
/// reply back until then, and sends the v of that moment. So nobody's number of steps is ever ahead of
/// anybody's by more than s + 1. With s = 0 all gradients of a round are taken at the same v, the sum of
/// whose steps, in the order of workers, makes the next one; without a bound it is plain asynchronous SGD. A
/// worker that has had its last reply holds nobody back. Of several servers each holds its own replies back.
///
/// Cost: two messages of B bytes a step; 2 n operations on the server.
class BoundedStaleness final
    : public GradientMethod<BoundedStaleness, BoundedStalenessOptions, Weighing, ServerParts> {
  public:
    static constexpr MethodTraits about{.name = "bounded-staleness",
                                        .summary = "as by-arrival, but nobody gets too far ahead",
                                        .server = ServerUse::always,
                                        .optimisers = OptimiserUse::sgd,
                                        .always_has_order = true,
                                        .message_keys = {"staleness-bound"}};
    using GradientMethod::GradientMethod;

    std::size_t server_count() const override { return servers; }
    /// Nobody reads v before a round is complete.
    bool is_deterministic() const override { return staleness_bound == std::size_t{0}; }
    void check(const Team& team) const override;

  private:
    void serve(Participant& participant) const override;
};

}  // namespace lockstep::exchange
