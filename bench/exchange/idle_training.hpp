#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "exchange/participant.hpp"

namespace lockstep::bench {

/// Training without any arithmetic: what remains is the exchange.
class IdleTraining : public exchange::LocalTraining {
  public:
    IdleTraining(std::uint64_t steps, std::size_t rows, std::size_t columns)
        : steps_(steps), blocks_{{0, rows, columns}} {}

    std::uint64_t steps() const override { return steps_; }
    std::uint64_t steps_per_epoch() const override { return steps_; }
    float learning_rate(std::uint64_t /*step*/) const override { return 1; }
    std::span<const base::Block> blocks() const override { return blocks_; }
    void step(std::uint64_t /*step*/, std::span<float> /*w*/) override { ++taken_; }
    void gradient(std::uint64_t /*step*/, std::span<const float> /*w*/, std::span<float> /*g*/) override {
        ++taken_;
    }
    void gradient(std::uint64_t /*step*/, std::span<const float> /*w*/, std::span<float> /*g*/,
                  exchange::GradientWatcher& watcher) override {
        ++taken_;
        watcher.known_from(0);
    }
    std::uint64_t taken() const { return taken_; }

  private:
    std::uint64_t steps_;
    std::array<base::Block, 1> blocks_;
    std::uint64_t taken_ = 0;
};

}  // namespace lockstep::bench
