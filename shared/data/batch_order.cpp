#include "data/batch_order.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/random.hpp"

namespace lockstep::data {
namespace {

using base::InputError;

std::size_t share_of(Partition partition, std::size_t samples, std::size_t workers) {
    const bool shard = partition == Partition::shard;
    if (workers == 0 || (shard && workers > samples))
        throw InputError(
            "--workers", fmt::format("{}", workers),
            shard ? fmt::format("1 to {}, the number of training samples to share", samples) : "at least 1",
            shard ? "use fewer workers or more --train-samples" : "use at least one worker");
    return shard ? samples / workers : samples;
}

std::size_t checked_batch(std::optional<std::size_t> batch, std::size_t share, std::size_t samples,
                          std::size_t workers) {
    if (!batch) return share;
    if (*batch >= 1 && *batch <= share) return *batch;
    throw InputError("--batch", fmt::format("{}", *batch),
                     fmt::format("1 to {}, what each of {} workers has of {} training samples, or all", share,
                                 workers, samples),
                     "use a smaller batch, fewer workers or more --train-samples");
}

std::vector<std::uint32_t> permutation(std::size_t size, std::uint64_t seed, std::size_t index,
                                       std::size_t epoch) {
    std::vector<std::uint32_t> result(size);
    std::iota(result.begin(), result.end(), 0U);
    base::RandomStream(seed, base::Purpose::batch_order, static_cast<std::uint32_t>(index),
                       static_cast<std::uint32_t>(epoch))
        .shuffle(result);
    return result;
}

}  // namespace

BatchOrder::BatchOrder(Partition partition, std::size_t samples, std::size_t workers,
                       std::optional<std::size_t> batch, std::uint64_t seed)
    : partition_(partition),
      samples_(samples),
      workers_(workers),
      share_(share_of(partition, samples, workers)),
      batch_(checked_batch(batch, share_, samples, workers)),
      seed_(seed) {
    assert(samples >= 1 && samples <= std::numeric_limits<std::uint32_t>::max());
}

std::size_t BatchOrder::batch_size(std::size_t round) const {
    assert(round < rounds_per_epoch());
    return std::min(batch_, share_ - round * batch_);
}

std::vector<std::uint32_t> BatchOrder::epoch_indices(std::size_t worker, std::size_t epoch) const {
    assert(worker < workers_);
    if (partition_ == Partition::replicate) return permutation(samples_, seed_, worker + 1, epoch);
    const std::vector<std::uint32_t> dealt = permutation(samples_, seed_, 0, epoch);
    std::vector<std::uint32_t> result;
    result.reserve(share_);
    for (std::size_t round = 0; round < rounds_per_epoch(); ++round) {
        const std::size_t size = batch_size(round);
        const auto first = static_cast<std::ptrdiff_t>(round * batch_ * workers_ + worker * size);
        result.insert(result.end(), dealt.begin() + first,
                      dealt.begin() + first + static_cast<std::ptrdiff_t>(size));
    }
    return result;
}

std::span<const std::uint32_t> BatchOrder::round_indices(std::span<const std::uint32_t> epoch_indices,
                                                         std::size_t round) const {
    assert(epoch_indices.size() == share_);
    return epoch_indices.subspan(round * batch_, batch_size(round));
}

}  // namespace lockstep::data
