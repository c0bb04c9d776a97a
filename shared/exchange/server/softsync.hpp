#pragma once

#include <cstddef>
#include <vector>

#include "exchange/server/gradient_server.hpp"

namespace lockstep::exchange {

struct SoftsyncOptions {
    std::size_t splitting = 1;  ///< n: a step waits for workers / n gradients

    bool operator==(const SoftsyncOptions&) const = default;
    static std::vector<option::Option<SoftsyncOptions>> options();
};

/// n-softsync of Zhang, Gupta, Lian, Liu 2016 (1511.05950), which is K-async SGD of Dutta et al. 2018: a
/// server waits for K = workers / n gradients (`--splitting` n), whoever they are from, steps by their mean,
/// and answers their workers. n = 1 is synchronous SGD on the mean gradient; n = c is plain asynchronous SGD.
/// The step's learning rate is that of the mean number of these workers' steps.
///
/// Cost: two messages of B bytes a gradient; on the server (K + 2) n operations a step (K = 1: 2 n).
class Softsync final : public GradientMethod<Softsync, SoftsyncOptions, Weighing> {
  public:
    static constexpr MethodTraits about{
        .name = "softsync",
        .summary = "a server steps by the mean of so many gradients at a time",
        .server = ServerUse::always,
        .optimisers = OptimiserUse::sgd,
        .message_keys = {"splitting"}};
    using GradientMethod::GradientMethod;

    void check(const Team& team) const override;
    /// One for each group.
    std::vector<UpdateKernel> server_updates(const Optimising& optimising, const Work& work) const override;

  private:
    void serve(Participant& participant) const override;
};

}  // namespace lockstep::exchange
