#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/one_of.hpp"

namespace lockstep::data {

/// `shard`: each worker trains on its own 1/c of the samples, dealt anew every epoch. `replicate`: each
/// worker trains on all of them, in an order of its own.
enum class Partition { shard, replicate };
inline constexpr base::Named<Partition> partition_names[]{{Partition::shard, "shard"},
                                                          {Partition::replicate, "replicate"}};
constexpr std::span<const base::Named<Partition>> names_of(Partition /*any*/) {
    return partition_names;
}

/// Which samples each worker uses in each round of each epoch: a pure function of its constructor's
/// arguments.
///
/// With N samples, c workers and batches of b:
///
/// **shard.** Each epoch has one permutation P of the N samples, the same for all workers (stream
/// `Purpose::batch_order`, index 0, subindex epoch). A shard has S = floor(N / c) samples, enough for K =
/// floor(S / b) full rounds. Worker i uses in round k < K the positions [k c b + i b, k c b + (i + 1) b) of
/// P, and where r = S mod b > 0, in one more round [K c b + i r, K c b + (i + 1) r). The last N mod c
/// positions of P are left out in this epoch. So in every round all workers have batches of equal size, and c
/// workers with batches of b see in a full round what one worker with batches of c b sees in it, in the same
/// order when read worker after worker.
///
/// Example: N = 11, c = 2, b = 2, hence S = 5, K = 2, r = 1; with P = 7 2 9 0 4 10 1 8 3 6 5
///
///     round      0      1      2
///     worker 0   7 2    4 10   3
///     worker 1   9 0    1 8    6        left out: 5
///
/// **replicate.** Worker i has a permutation of all N samples of its own (index i + 1, subindex epoch), cut
/// into batches of b and a last one of N mod b where that is not 0. With N = 5, b = 2 and worker 0's
/// permutation 3 0 4 1 2 its rounds are 3 0, 4 1, 2.
///
/// No batch size is `all`: gradient descent, one round with the whole shard (replicate: with all N).
class BatchOrder {
  public:
    /// Errors: InputError naming --workers where there are none or more than samples to deal, --batch where a
    /// batch is empty or larger than a shard.
    BatchOrder(Partition partition, std::size_t samples, std::size_t workers,
               std::optional<std::size_t> batch, std::uint64_t seed);

    std::size_t rounds_per_epoch() const { return (share_ + batch_ - 1) / batch_; }

    /// Samples of one worker in one epoch: floor(N / c), or N where replicated.
    std::size_t samples_per_epoch() const { return share_; }

    /// Samples of every worker in that round, counted from 0 in every epoch.
    std::size_t batch_size(std::size_t round) const;

    /// The largest batch: that of round 0.
    std::size_t largest_batch() const { return batch_; }

    /// One worker's samples of one epoch, round after round. Cost: one shuffle of N numbers, whatever the
    /// partition.
    std::vector<std::uint32_t> epoch_indices(std::size_t worker, std::size_t epoch) const;

    /// The part of `epoch_indices` that belongs to one round.
    std::span<const std::uint32_t> round_indices(std::span<const std::uint32_t> epoch_indices,
                                                 std::size_t round) const;

  private:
    Partition partition_;
    std::size_t samples_;
    std::size_t workers_;
    std::size_t share_;
    std::size_t batch_;
    std::uint64_t seed_;
};

}  // namespace lockstep::data
