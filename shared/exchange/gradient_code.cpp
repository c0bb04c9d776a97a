// One gradient, one message: made by a GradientEncoder, read by whoever has a GradientCode.
//
// top-1 with error feedback, rate 0.5, one worker: gradients (6, 4), (0, 4).
//   u = 0 + (3, 2): sends (3, .), owes (0, 2);   u = (0, 2) + (0, 2): sends (., 4), owes (0, 0)
// The receiver has subtracted (3, 0) and (0, 4), which is what plain SGD would have, in another order.
//
// Messages have one length for the whole run, so receivers can open their receives beforehand.
#include "exchange/gradient_code.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "compression/half.hpp"
#include "compression/low_rank.hpp"
#include "compression/qsgd.hpp"
#include "compression/sign.hpp"
#include "compression/top_k.hpp"

namespace lockstep::exchange {
namespace {

using scenario::Compression;

/// Null for none.
std::unique_ptr<compression::Codec> make_codec(const scenario::Config& config,
                                               std::span<const base::Block> blocks) {
    switch (config.compression) {
        case Compression::none:
            break;
        case Compression::top_k:
            return std::make_unique<compression::TopK>(config.top_k);
        case Compression::qsgd:
            return std::make_unique<compression::Qsgd>(static_cast<std::uint32_t>(config.levels));
        case Compression::sign:
            return std::make_unique<compression::Sign>();
        case Compression::power_sgd:
            return std::make_unique<compression::LowRank>(blocks, config.compression_rank);
        case Compression::fp16:
            return std::make_unique<compression::Float16>();
        case Compression::bf16:
            return std::make_unique<compression::Bfloat16>();
    }
    return nullptr;
}

}  // namespace

bool has_error_feedback(Compression compression) {
    return compression == Compression::top_k || compression == Compression::power_sgd;
}

std::size_t code_words(const scenario::Config& config, std::span<const base::Block> blocks,
                       std::size_t values) {
    const auto codec = make_codec(config, blocks);
    return codec == nullptr ? values : codec->words(values);
}

std::size_t message_words(const scenario::Config& config, std::span<const base::Block> blocks,
                          std::size_t values) {
    return scenario::traits(config.method).sends_gradients ? code_words(config, blocks, values) : values;
}

double code_share(const scenario::Config& config) {
    constexpr std::size_t many = 1 << 20;
    if (config.compression == Compression::power_sgd) return 0;
    return static_cast<double>(code_words(config, {}, many)) / static_cast<double>(many);
}

// The code, m and what is subtracted from it, the keys of top-k.
double vectors_to_encode(const scenario::Config& config) {
    if (config.compression == Compression::none) return 0;
    return code_share(config) + (has_error_feedback(config.compression) ? 2 : 0) +
           (config.compression == Compression::top_k ? 2 : 0);
}

// Inboxes are shorter; a gradient, and a sum of them.
double vectors_to_decode(const scenario::Config& config) {
    if (config.compression == Compression::none) return 0;
    return 2 - (1 - code_share(config)) * static_cast<double>(config.workers);
}

GradientCode::GradientCode(const Participant& participant)
    : compression_(participant.config.compression),
      codec_(make_codec(participant.config, participant.training.blocks())),
      values_(participant.start.size()),
      words_(is_plain() ? values_ : codec_->words(values_)) {}

float GradientCode::receiver_rate(float rate) const {
    return has_error_feedback(compression_) ? 1.0F : rate;
}

std::span<float> GradientCode::decode(std::span<float> words, std::span<float> room) const {
    if (is_plain()) return words;
    codec_->decode(words, room);
    return room;
}

double GradientCode::decode_flops() const {
    return is_plain() ? 0 : codec_->decode_flops(values_);
}

void GradientCode::add(std::span<const float> words, std::span<float> sum, std::span<float> room) const {
    codec_->add_decoded(words, sum, room);
}

double GradientCode::add_flops() const {
    return codec_->add_flops(values_);
}

void GradientCode::combine(std::span<float> sum, std::size_t count) const {
    if (count == 1) return;
    if (compression_ == Compression::sign) return compression::majority(sum);
    base::scale(sum, static_cast<float>(1.0 / static_cast<double>(count)));
}

GradientEncoder::GradientEncoder(const Participant& participant)
    : seed_(participant.config.seed),
      worker_(static_cast<std::uint32_t>(participant.rank())),
      owes_(has_error_feedback(participant.config.compression)),
      codec_(make_codec(participant.config, participant.training.blocks())) {
    if (codec_ == nullptr) return;
    const std::size_t values = participant.start.size();
    code_ = backend::make_buffer(codec_->words(values));
    flops_ = codec_->encode_flops(values);
    if (!owes_) return;
    flops_ += codec_->decode_flops(values) + 3 * static_cast<double>(values);  // eta g, u, m
    feedback_.emplace(backend::make_buffer(values), backend::make_buffer(values));
}

std::span<const float> GradientEncoder::encode(std::uint64_t step, std::span<float> gradient, float rate) {
    if (codec_ == nullptr) return gradient;
    backend::compute(flops_, [&] {
        base::RandomStream draws(seed_, base::Purpose::compression, worker_,
                                 static_cast<std::uint32_t>(step));
        if (!owes_) return codec_->encode(gradient, draws, code_);
        base::scale(gradient, rate);
        feedback_->add(gradient);
        feedback_->encode(*codec_, draws, code_);
    });
    return code_;
}

}  // namespace lockstep::exchange
