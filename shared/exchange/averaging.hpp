#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/float_buffer.hpp"
#include "base/function_ref.hpp"
#include "comm/collectives/allreduce.hpp"
#include "comm/traffic.hpp"
#include "exchange/participant.hpp"

namespace lockstep::exchange {

/// The mean over a group of workers, by the collective that the scenario chose.
class Averaging {
  public:
    /// For vectors of up to `values` values.
    Averaging(const scenario::Config& config, const comm::Group& group, std::size_t values,
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

/// Messages and bytes of `times` sums over `workers` workers; nothing known where the MPI library decides.
std::optional<comm::Traffic> averaging_traffic(const scenario::Config& config, std::size_t workers,
                                               std::uint64_t times, std::size_t values,
                                               comm::WireFormat format = comm::WireFormat::float32);

/// The loop of every method that steps locally and combines from time to time: `combine(steps, w)` is called
/// after each step, with the number of steps done, and says whether w is the same on all workers now.
///
/// What it reports: v where that is so, and otherwise each worker's share of the mean.
void step_and_combine(Participant& participant,
                      base::FunctionRef<bool(std::uint64_t steps, std::span<float> w)> combine);

}  // namespace lockstep::exchange
