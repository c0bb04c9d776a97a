#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/float_buffer.hpp"
#include "base/function_ref.hpp"
#include "comm/collectives/collective.hpp"
#include "comm/traffic.hpp"
#include "exchange/local_steps.hpp"
#include "exchange/method.hpp"
#include "exchange/update_kernel.hpp"
#include "option/kind.hpp"

namespace lockstep::exchange {

/// Of methods that sum or average over workers.
struct Summing {
    comm::Collective collective = "tree";

    /// Messages and bytes of `times` sums over `workers` workers; nothing where nobody knows the
    /// collective's.
    std::optional<comm::Traffic> traffic(std::size_t workers, std::uint64_t times, std::size_t values,
                                         comm::WireFormat format = comm::WireFormat::float32) const;
    void for_each_pair(const comm::Members& members, comm::PairVisitor visit) const {
        collective->for_each_pair(members, visit);
    }

    bool operator==(const Summing&) const = default;
    static std::vector<option::Option<Summing>> options();
};

/// The mean over a group of workers, by the chosen collective.
class Averaging {
  public:
    /// For vectors of up to `values` values.
    Averaging(const Summing& summing, const comm::Group& group, std::size_t values,
              comm::WireFormat format = comm::WireFormat::float32);

    /// vector = mean over the group, the same bits on all its ranks. Collective over the group. Cost: one
    /// allreduce, and n operations a rank; nothing in a group of one. In 16 bits the sum is rounded to them
    /// before it is divided, also in a group of one: 2 n operations more.
    void operator()(std::span<float> vector);

    /// What remains to be done where `vector` is the sum already.
    void divide(std::span<float> vector) const;

  private:
    std::unique_ptr<comm::HalfWire> wire_;  ///< null: float32
    comm::Group group_;
    comm::Allreduce allreduce_;
    base::FloatBuffer scratch_;
};

/// `kernels`, and what makes a mean of a sum over so many ranks: nothing where it is of one.
std::vector<UpdateKernel> with_mean(std::vector<UpdateKernel> kernels, std::size_t ranks, std::size_t values,
                                    double a_step);

/// A method whose workers send nothing but for sums over all of them.
template <typename Self, typename... Parts>
class SummingMethod : public MethodOf<Self, Parts..., Summing> {
  public:
    using MethodOf<Self, Parts..., Summing>::MethodOf;

    void for_each_pair(std::size_t workers, comm::PairVisitor visit) const override {
        Summing::for_each_pair({0, 1, workers}, visit);
    }

    /// With a mean after each step, unless overridden.
    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override {
        return with_mean(Method::optimiser_updates(optimising, work), work.workers, work.values, 1);
    }
};

/// One whose workers meet every `period` steps, and once more after the last.
template <typename Self, typename... Parts>
class LocalStepsMethod : public SummingMethod<Self, Parts..., LocalSteps> {
  public:
    using SummingMethod<Self, Parts..., LocalSteps>::SummingMethod;

    std::optional<comm::Traffic> traffic(const Work& work) const override {
        return Summing::traffic(work.workers, LocalSteps::meetings(work), work.values);
    }

    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override {
        return with_mean(Method::optimiser_updates(optimising, work), work.workers, work.values,
                         LocalSteps::meetings_a_step(work));
    }
};

/// The loop of every method that steps locally and combines from time to time: `combine(steps, w)` is called
/// after each step, with the number of steps done, and says whether w is the same on all workers now.
///
/// What it reports: v where that is so, and otherwise each worker's share of the mean.
void step_and_combine(Participant& participant,
                      base::FunctionRef<bool(std::uint64_t steps, std::span<float> w)> combine);

}  // namespace lockstep::exchange
