// On 2 workers with gradients (3, -1) and (2, 4), rate 0.5, v = (0, 0):
//   none:      the sum is (5, 3), the mean (2.5, 1.5), v = (-1.25, -0.75)
//   top-1:     0 sends (1.5, .), owes (0, -0.5); 1 sends (., 2), owes (1, 0); mean (0.75, 1), stepped at rate
//              1: v = (-0.75, -1)
//   sign:      (+, -) and (+, +): the majority is (+, tie), v = (-0.5, 0)
//   power-sgd: a vector is no matrix and travels as it is; see power_sgd.hpp
//
// No deadlock: all workers call the same collectives in the same order.
#include "exchange/synchronous/gradient_mean.hpp"

#include <algorithm>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "comm/collectives/allgather.hpp"
#include "comm/collectives/collective_cost.hpp"
#include "compression/error_feedback.hpp"
#include "compression/power_sgd.hpp"
#include "exchange/averaging.hpp"
#include "exchange/gradient_code.hpp"
#include "exchange/synchronous/bucketed_sum.hpp"

namespace lockstep::exchange {
namespace {

class Averaged final : public GradientMean {
  public:
    Averaged(const MeanOptions& options, const Participant& participant)
        : average_(options.summing, participant.group(), participant.start.size(),
                   options.compressing.compression->wire) {}

    float replace(std::uint64_t /*step*/, std::span<float> gradient, float rate) override {
        average_(gradient);
        return rate;
    }

  private:
    Averaging average_;
};

class Overlapped final : public GradientMean {
  public:
    Overlapped(const MeanOptions& options, const Participant& participant)
        : sum_(participant, options.buckets), average_(options.summing, participant.group(), 0) {}

    GradientWatcher* watch(std::span<float> gradient) override {
        sum_.start(gradient);
        return &sum_;
    }

    float replace(std::uint64_t /*step*/, std::span<float> gradient, float rate) override {
        sum_.finish();
        average_.divide(gradient);
        return rate;
    }

  private:
    BucketedSum sum_;
    Averaging average_;
};

class Gathered final : public GradientMean {
  public:
    Gathered(const MeanOptions& options, const Participant& participant)
        : group_(participant.group()),
          encoder_(options.compressing, participant),
          code_(options.compressing, participant),
          all_(backend::make_buffer(group_.size() * code_.words())),
          room_(backend::make_buffer(participant.start.size())) {}

    float replace(std::uint64_t step, std::span<float> gradient, float rate) override {
        comm::allgather(group_, encoder_.encode(step, gradient, rate), all_);
        const std::size_t workers = group_.size();
        const auto values = static_cast<double>(gradient.size());
        const double flops = static_cast<double>(workers) * code_.add_flops() + (workers > 1 ? values : 0);
        backend::compute({flops, backend::Kind::code}, [&] { take_mean(gradient); });
        return code_.receiver_rate(rate);
    }

    std::array<std::span<float>, 2> memory() override { return {encoder_.memory()}; }

  private:
    void take_mean(std::span<float> mean) {
        std::ranges::fill(mean, 0.0F);
        for (std::size_t worker = 0; worker < group_.size(); ++worker)
            code_.add(all_.span().subspan(worker * code_.words(), code_.words()), mean, room_);
        code_.combine(mean, group_.size());
    }

    comm::Group group_;
    GradientEncoder encoder_;
    GradientCode code_;
    base::FloatBuffer all_;  ///< codes, in the order of workers
    base::FloatBuffer room_;
};

/// What a worker owes is what the mean lacks of its own update: so its sum over workers is what the means
/// have lacked, and the factors that a worker had sent need not be decoded on their own.
class Factored final : public GradientMean {
  public:
    Factored(const MeanOptions& options, const Participant& participant)
        : layout_(participant.training.blocks(), options.compressing.compression_rank),
          average_(options.summing, participant.group(),
                   std::max(layout_.left_values(), layout_.right_values())),
          left_(backend::make_buffer(layout_.left_values())),
          right_(backend::make_buffer(layout_.right_values())) {
        owed_.emplace(backend::make_buffer(layout_.values()), backend::make_buffer(layout_.values()));
        if (!backend::arithmetic_is_real()) return;
        power_.emplace(participant.training.blocks(), layout_.rank(),
                       base::RandomStream(participant.team.seed, base::Purpose::compression));
    }

    float replace(std::uint64_t /*step*/, std::span<float> gradient, float rate) override {
        const auto values = static_cast<double>(layout_.values());
        backend::compute({2 * values + layout_.product_flops(), backend::Kind::code}, [&] {
            base::scale(gradient, rate);
            power_->left_factors(owed_->add(gradient), left_);
        });
        average_(left_);
        if (right_.size() > 0) {
            const double flops = layout_.orthonormalise_flops() + layout_.product_flops();
            backend::compute({flops, backend::Kind::code}, [&] {
                power_->orthonormalise(left_);
                power_->right_factors(owed_->owed(), left_, right_);
            });
            average_(right_);
        }
        const double last_flops = layout_.product_flops() + layout_.warm_start_flops() + values;
        backend::compute({last_flops, backend::Kind::code}, [&] {
            power_->decode(left_, right_, gradient);
            power_->warm_start(right_);
            owed_->subtract(gradient);
        });
        return 1;
    }

    std::array<std::span<float>, 2> memory() override {
        return {owed_->owed(), power_ ? power_->memory() : std::span<float>()};
    }

  private:
    compression::FactorLayout layout_;
    Averaging average_;
    base::FloatBuffer left_;
    base::FloatBuffer right_;
    std::optional<compression::PowerSgd> power_;  ///< where arithmetic is done
    std::optional<compression::ErrorFeedback> owed_;
};

/// A ring for each bucket; together they are as long as one.
std::optional<comm::Traffic> bucketed_traffic(const MeanOptions& options, const Work& work) {
    auto traffic = options.summing.traffic(work.workers, work.steps * options.buckets, work.values);
    if (traffic) traffic->bytes /= options.buckets;
    return traffic;
}

std::optional<comm::Traffic> factored_traffic(const MeanOptions& options, const Work& work) {
    const compression::FactorLayout layout(work.blocks, options.compressing.compression_rank);
    auto traffic = options.summing.traffic(work.workers, work.steps, layout.left_values());
    if (!traffic || layout.right_values() == 0) return traffic;
    const auto right = options.summing.traffic(work.workers, work.steps, layout.right_values());
    traffic->messages += right->messages;
    traffic->bytes += right->bytes;
    return traffic;
}

std::optional<comm::Traffic> gathered_traffic(const MeanOptions& options, const Work& work) {
    const auto one =
        comm::allgather_cost(work.workers, options.compressing.words(work.blocks, work.values), {});
    return comm::Traffic{work.steps * one.messages, work.steps * one.bytes};
}

}  // namespace

std::unique_ptr<GradientMean> make_gradient_mean(const MeanOptions& options, const Participant& participant) {
    if (options.buckets > 0) return std::make_unique<Overlapped>(options, participant);
    if (options.compressing.compression->gathers_codes())
        return std::make_unique<Gathered>(options, participant);
    if (options.compressing.compression->mean == CompressionRow::Mean::of_factors)
        return std::make_unique<Factored>(options, participant);
    return std::make_unique<Averaged>(options, participant);
}

std::optional<comm::Traffic> gradient_mean_traffic(const MeanOptions& options, const Work& work) {
    if (options.buckets > 0) return bucketed_traffic(options, work);
    if (options.compressing.compression->gathers_codes()) return gathered_traffic(options, work);
    if (options.compressing.compression->mean == CompressionRow::Mean::of_factors)
        return factored_traffic(options, work);
    return options.summing.traffic(work.workers, work.steps, work.values,
                                   options.compressing.compression->wire);
}

}  // namespace lockstep::exchange
