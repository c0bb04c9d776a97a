#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "exchange/method.hpp"
#include "exchange/server/server_parts.hpp"
#include "exchange/server/update_rule.hpp"

namespace lockstep::exchange {

/// The report's Method 2: the workers update the shared v in strict rotation, 0, 1, ... c-1, 0, 1, ... While
/// v is elsewhere a worker computes its next step from the v it saw last. Staleness is exactly c - 1 after
/// the first round.
///
/// Without a server v travels from worker to worker as a token: one message of B bytes an update, c compute.
/// With a dedicated server: two messages an update.
class InTurn final : public MethodOf<InTurn, ServerChoice, Updating, Weighing> {
  public:
    static constexpr MethodTraits about{.name = "in-turn",
                                        .summary = "workers update the shared parameters in strict rotation",
                                        .server = ServerUse::optional,
                                        .optimisers = OptimiserUse::sgd,
                                        .holder = Holder::last_worker,
                                        .always_has_order = true};
    using MethodOf::MethodOf;

    std::size_t server_count() const override { return server == Server::dedicated ? 1 : 0; }
    bool is_deterministic() const override { return true; }
    bool others_may_go_on(const Optimising& /*optimising*/) const override {
        return server == Server::dedicated;
    }
    void check(const Team& team) const override;
    void for_each_pair(std::size_t workers, comm::PairVisitor visit) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    std::vector<UpdateKernel> server_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;

  private:
    void pass_the_token(Participant& participant) const;
};

}  // namespace lockstep::exchange
