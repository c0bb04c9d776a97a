#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "compression/codec.hpp"
#include "scenario/config.hpp"
#include "tests/support/exchange_run.hpp"
#include "tests/support/findings.hpp"

namespace lockstep::contract {

/// What the methods do, as plain programs of one process with the same float32 arithmetic.
using Vector = std::vector<float>;

/// Runs both; every worker must be at the same point after every step, and v must be the same in the end:
/// each value up to `allowed`, and with 0 to the bit.
void expect_same(comm::Communicator& communicator, const scenario::Config& one, const scenario::Config& other,
                 const support::Job& job, double allowed, support::Findings& findings);

/// w after each step of plain SGD by worker 0.
std::vector<Vector> serial_reference(const support::Job& job);

/// v with what a worker made of the v that it had `received`, by the update rule. Without staleness nobody
/// has changed v since; then v + (w - v) is w.
void apply(const scenario::Config& config, Vector& v, const Vector& w, const Vector& received,
           std::uint64_t staleness);

/// The rotation of workers around v (in-turn).
struct Rotation {
    std::vector<Vector> v;               ///< after each round of all workers
    std::vector<std::vector<Vector>> w;  ///< per worker, what it goes on from after each of its steps
};
Rotation rotation_reference(const scenario::Config& config, const support::Job& job);

/// v after each round of averaging, in float64: exact where the values are small integers and the mean is
/// too.
std::vector<std::vector<double>> averaging_reference(std::size_t workers, const support::Job& job);

/// The workers' x_i in gossip: [worker][step], by a matrix W written down from each graph's definition.
std::vector<std::vector<Vector>> gossip_reference(const scenario::Config& config, const support::Job& job);

/// Whether gossip's graph exists for so many workers.
bool has_graph(scenario::Graph graph, std::size_t workers);

/// The sum of all gradients of all workers, for gradients that do not depend on w.
std::vector<double> sum_of_gradients(std::size_t workers, const support::Job& job);

/// The workers of a method that sends gradients one by one, with a compression.
class Senders {
  public:
    Senders(const scenario::Config& config, const support::Job& job);

    /// What a receiver makes of the worker's message for this gradient. A worker's steps in their order.
    Vector sent(std::size_t worker, std::uint64_t step, const Vector& gradient);
    /// At which it steps by that, for the sender's learning rate.
    float receiver_rate(float rate) const { return owes_ ? 1.0F : rate; }
    const Vector& owed(std::size_t worker) const { return owed_[worker]; }

  private:
    const scenario::Config& config_;
    const support::Job& job_;
    base::Block block_;
    bool owes_;
    std::vector<std::unique_ptr<compression::Codec>> codecs_;
    std::vector<Vector> owed_;  ///< per worker, its m
};

/// The mean, or the majority of signs.
void combine(const scenario::Config& config, Vector& sum, std::size_t count);

/// allreduce with a compression.
struct Compressed {
    std::vector<Vector> v;                  ///< after each step
    std::vector<std::vector<Vector>> owed;  ///< per worker, its m after each step; empty without feedback
};
Compressed compressed_reference(const scenario::Config& config, const support::Job& job);

}  // namespace lockstep::contract
