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
#include "compression/sign.hpp"

namespace lockstep::exchange {

GradientCode::GradientCode(const Compressing& compressing, const Participant& participant)
    : compression_(compressing.compression),
      codec_(compressing.codec(participant.training.blocks())),
      values_(participant.start.size()),
      words_(is_plain() ? values_ : codec_->words(values_)) {}

float GradientCode::receiver_rate(float rate) const {
    return compression_->owes ? 1.0F : rate;
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
    if (compression_->mean == CompressionRow::Mean::of_signs) return compression::majority(sum);
    base::scale(sum, static_cast<float>(1.0 / static_cast<double>(count)));
}

GradientEncoder::GradientEncoder(const Compressing& compressing, const Participant& participant)
    : seed_(participant.team.seed),
      worker_(static_cast<std::uint32_t>(participant.rank())),
      owes_(compressing.compression->owes),
      codec_(compressing.codec(participant.training.blocks())) {
    const std::size_t values = participant.start.size();
    if (codec_ == nullptr) return;
    code_ = backend::make_buffer(codec_->words(values));
    flops_ = codec_->encode_flops(values);
    if (!owes_) return;
    flops_ += codec_->decode_flops(values) + 3 * static_cast<double>(values);  // eta g, u, m
    feedback_.emplace(backend::make_buffer(values), backend::make_buffer(values));
}

std::span<const float> GradientEncoder::encode(std::uint64_t step, std::span<float> gradient, float rate) {
    if (codec_ == nullptr) return gradient;
    backend::compute({flops_, backend::Kind::code}, [&] {
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
