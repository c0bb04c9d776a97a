#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/float_buffer.hpp"
#include "compression/codec.hpp"
#include "compression/error_feedback.hpp"
#include "exchange/compressing.hpp"
#include "exchange/participant.hpp"

namespace lockstep::exchange {

/// How gradients travel in a run (`--compression`) where each is sent on its own: what senders and receivers
/// agree on. Pure arithmetic, which the caller charges.
///
/// top-k and power-sgd are biased and need error feedback, in which the learning rate belongs: what a worker
/// owes is a sum of eta g of several steps. So they send codes of m + eta g, and the receiver steps at rate
/// 1; the others send codes of g, and the receiver knows the rate.
class GradientCode {
  public:
    GradientCode(const Compressing& compressing, const Participant& participant);

    /// Whether the words are the gradient itself.
    bool is_plain() const { return codec_ == nullptr; }
    /// Of every message.
    std::size_t words() const { return words_; }
    /// At which v is stepped by what is decoded, for the sender's learning rate.
    float receiver_rate(float rate) const;

    /// The gradient that words stand for: themselves where they are plain, else `room`, which is overwritten.
    std::span<float> decode(std::span<float> words, std::span<float> room) const;
    double decode_flops() const;

    /// sum += the gradient that words stand for. Not where they are plain; `room` is overwritten.
    void add(std::span<const float> words, std::span<float> sum, std::span<float> room) const;
    double add_flops() const;

    /// Makes of a sum of `count` gradients what v is stepped by: their mean; of signs the majority's. One
    /// operation a value, none for one gradient.
    void combine(std::span<float> sum, std::size_t count) const;

  private:
    Compression compression_;
    std::unique_ptr<compression::Codec> codec_;  ///< null: plain
    std::size_t values_;
    std::size_t words_;
};

/// The sender's side, of one worker.
class GradientEncoder {
  public:
    GradientEncoder(const Compressing& compressing, const Participant& participant);

    /// The words to send for this worker's gradient of step number `step`, at that step's learning rate: the
    /// gradient itself where it is plain. Overwrites the gradient. The view ends with the next call. Draws
    /// depend on the worker and the step alone.
    std::span<const float> encode(std::uint64_t step, std::span<float> gradient, float rate);

    /// What it owes.
    std::span<float> memory() { return feedback_ ? feedback_->owed() : std::span<float>(); }

  private:
    std::uint64_t seed_;
    std::uint32_t worker_;
    bool owes_;
    std::unique_ptr<compression::Codec> codec_;  ///< null: plain
    std::optional<compression::ErrorFeedback> feedback_;
    base::FloatBuffer code_;
    double flops_ = 0;
};

inline std::span<std::byte> bytes_to_keep(GradientEncoder& encoder) {
    return bytes_to_keep(encoder.memory());
}

}  // namespace lockstep::exchange
