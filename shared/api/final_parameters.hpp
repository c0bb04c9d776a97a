#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/float_buffer.hpp"
#include "comm/communicator.hpp"
#include "exchange/journal.hpp"
#include "exchange/method.hpp"

namespace lockstep {

/// Keeps what this rank last told of v, counts its updates, and passes everything on to another journal.
class FinalParameters final : public exchange::Journal {
  public:
    /// `next` may be null. v, of `values` values, is copied only when it holds all of `steps`, or whenever it
    /// changes where timing decides: then workers do not know which of their steps is the last.
    FinalParameters(exchange::Journal* next, const exchange::Method& method, std::uint64_t steps,
                    std::size_t values)
        : next_(next != nullptr ? *next : nobody_), method_(method), steps_(steps), values_(values) {}

    std::uint64_t updates() const { return updates_; }
    /// Of all of them together.
    std::uint64_t staleness() const { return staleness_; }

    /// v, on all ranks: to the bit what one rank told of it, or the parts of all servers; else the mean of
    /// the workers' shares, taken in float64 in the order of ranks. Collective; control messages. Throws
    /// comm::AgreedError where that is not all of it.
    base::FloatBuffer gather(comm::Communicator& communicator, std::size_t workers) const;

    void applied(const exchange::Update& update) override;
    void shared_parameters(std::uint64_t steps, std::span<const float> v) override;
    void worker_share(std::uint64_t steps, std::span<const float> w) override;
    void server_share(std::uint64_t steps, std::size_t first, std::span<const float> part) override;
    void interrupted(std::uint64_t contributions, std::span<const float> v) override;
    void own_parameters(std::uint64_t step, std::span<const float> w) override;

    /// What a rank has told: later kinds supersede earlier ones, since they are told where all have become
    /// equal.
    enum class Of : int { nothing, share, part, all };

  private:
    /// Throws base::InputError where that is no vector of `values_` values, or part of one.
    void keep(Of of, std::uint64_t steps, std::size_t first, std::span<const float> values);

    exchange::Journal nobody_;
    exchange::Journal& next_;
    const exchange::Method& method_;
    std::uint64_t steps_;
    std::size_t values_;
    std::uint64_t updates_ = 0;
    std::uint64_t staleness_ = 0;
    Of of_ = Of::nothing;
    std::size_t first_ = 0;
    base::FloatBuffer kept_;
};

}  // namespace lockstep
