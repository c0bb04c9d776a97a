#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "exchange/server/gradient_server.hpp"

namespace lockstep::exchange {

struct BackupWorkersOptions {
    std::size_t backup = 1;  ///< workers whose gradients a round does without

    bool operator==(const BackupWorkersOptions&) const = default;
    static std::vector<option::Option<BackupWorkersOptions>> options();
};

/// Synchronous SGD with backup workers (Chen, Monga, Bengio, Jozefowicz 2016, 1604.00981, algorithm 4): a
/// round is over when the first c - b gradients of the current v are there (`--backup` b); the server steps
/// by their mean and sends v to their workers. A gradient of an older v is dropped when it comes, and its
/// worker gets the current v at once. As many rounds as a worker has steps in other methods. The mean is
/// taken in the order of workers, so it depends on who was in time and on nothing else; b = 0 is allreduce
/// with
/// --collective flat, bit for bit.
///
/// Reported as the step of v is the round, to which dropped gradients contribute nothing.
///
/// Cost: two messages of B bytes a gradient, dropped ones too; on the server (c - b) n operations a round and
/// the optimiser's.
class BackupWorkers final : public GradientMethod<BackupWorkers, BackupWorkersOptions> {
  public:
    static constexpr MethodTraits about{
        .name = "backup-workers",
        .summary = "a server steps by the mean of the first gradients and drops the rest",
        .server = ServerUse::always,
        .optimisers = OptimiserUse::momentum,
        .message_keys = {"backup"}};
    using GradientMethod::GradientMethod;

    void check(const Team& team) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    /// One a round.
    std::vector<UpdateKernel> server_updates(const Optimising& optimising, const Work& work) const override;

  private:
    void serve(Participant& participant) const override;
    Serving serving() const override { return {.code = this, .drops_late = true}; }
};

}  // namespace lockstep::exchange
