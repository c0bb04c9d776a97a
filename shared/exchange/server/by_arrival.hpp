#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "exchange/method.hpp"
#include "exchange/server/server_parts.hpp"
#include "exchange/server/update_rule.hpp"

namespace lockstep::exchange {

struct ByArrivalOptions {
    std::size_t push_every = 1;  ///< steps
    std::size_t pull_every = 1;  ///< steps, a multiple of push_every

    bool operator==(const ByArrivalOptions&) const = default;
    static std::vector<option::Option<ByArrivalOptions>> options();
};

/// Asynchronous with a dedicated server that takes the workers' w_i in the order in which they arrive: no
/// worker ever waits for another one, only for the server, and the fast ones take more of the steps.
/// A worker sends its w every --push-every steps and gets v every --pull-every; in between it goes on from
/// its own w. With one each, staleness is c - 1 on average whatever the speeds, unbounded in the single case.
/// Source: Downpour SGD (Dean et al. 2012, algorithm 1.1; n_push, n_fetch) for the update rule delta.
///
/// Cost: a message of B bytes a push and one a pull.
class ByArrival final : public MethodOf<ByArrival, ByArrivalOptions, Updating, Weighing, ServerParts> {
  public:
    static constexpr MethodTraits about{.name = "by-arrival",
                                        .summary = "workers update the shared parameters in order of arrival",
                                        .server = ServerUse::always,
                                        .optimisers = OptimiserUse::sgd,
                                        .message_keys = {"push-every", "pull-every"}};
    using MethodOf::MethodOf;

    std::size_t server_count() const override { return servers; }
    bool others_may_go_on(const Optimising& /*optimising*/) const override { return true; }
    void check(const Team& team) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    /// Of the staleness that contributions have in the mean.
    std::vector<UpdateKernel> server_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
