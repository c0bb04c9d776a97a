#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "exchange/averaging.hpp"
#include "exchange/local_steps.hpp"
#include "exchange/server/server_parts.hpp"

namespace lockstep::exchange {

struct EasgdOptions {
    std::optional<double> elasticity = {};  ///< a, from 0 to 1; unset: 0.9 / workers

    bool operator==(const EasgdOptions&) const = default;
    static std::vector<option::Option<EasgdOptions>> options();
};

/// Elastic averaging SGD (Zhang, Choromanska, LeCun 2015, 1412.6651): workers step on their own x_i, and
/// every --period steps x_i and the shared v approach each other by a share a of their distance
/// (`--elasticity`; 0.9 / c unless given), all by old values. An elastic step leaves v + sum x_i as it was.
///
/// * `--server none`, synchronous (section 3): all ranks keep the same v; x_i -= a (x_i - v),
///   v += a (sum x_i - c v), every H steps and after the last. One allreduce of B bytes, 7 n operations a
///   rank.
/// * `--server dedicated`, asynchronous (algorithm 1): the worker sends x_i, the server replies with v as it
///   is and then does v += a (x_i - v), the worker x_i -= a (x_i - v). Workers share c times the steps of
///   one, as in by-arrival. Two messages of B bytes every H steps, 3 n operations at either end.
///
/// With --optimiser nesterov it is EAMSGD (algorithm 2), each worker with its own velocity.
class Easgd final : public MethodOf<Easgd, EasgdOptions, LocalSteps, ServerChoice, ServerParts, Summing> {
  public:
    static constexpr MethodTraits about{
        .name = "easgd",
        .summary = "workers and shared parameters pull at each other elastically",
        .server = ServerUse::optional,
        .holder = Holder::first_worker};
    using MethodOf::MethodOf;

    std::size_t server_count() const override { return server == Server::dedicated ? servers : 0; }
    bool uses(std::string_view key) const override;
    void check(const Team& team) const override;
    void for_each_pair(std::size_t workers, comm::PairVisitor visit) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    std::vector<UpdateKernel> server_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;

    /// The share a among so many workers.
    float share(std::size_t workers) const;
};

}  // namespace lockstep::exchange
