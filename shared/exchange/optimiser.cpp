#include "exchange/optimiser.hpp"

#include <string>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

class Sgd final : public Optimiser {
  public:
    static constexpr double flops = 2;  ///< a value

    Sgd(double /*momentum*/, std::size_t /*values*/) {}

    void apply(std::span<float> w, std::span<const float> gradient, float rate) override {
        backend::compute({flops * static_cast<double>(w.size()), backend::Kind::update},
                         [&] { base::descend(w, gradient, rate); });
    }
};

class HeavyBall : public Optimiser {
  public:
    static constexpr double flops = 4;

    HeavyBall(double momentum, std::size_t values)
        : momentum_(static_cast<float>(momentum)), velocity_(backend::make_buffer(values)) {}

    void apply(std::span<float> w, std::span<const float> gradient, float rate) override {
        backend::compute({flops * static_cast<double>(w.size()), backend::Kind::update}, [&] {
            base::scale(velocity_, momentum_);
            base::descend(velocity_, gradient, rate);
            base::add(w, velocity_);
        });
    }

    std::span<float> memory() override { return velocity_; }

  protected:
    float momentum() const { return momentum_; }
    std::span<const float> velocity() const { return velocity_; }

  private:
    float momentum_;
    base::FloatBuffer velocity_;
};

class Nesterov final : public HeavyBall {
  public:
    static constexpr double ahead_flops = 2;
    static constexpr double flops = HeavyBall::flops + ahead_flops;

    Nesterov(double momentum, std::size_t values)
        : HeavyBall(momentum, values), ahead_(backend::make_buffer(values)) {}

    std::span<const float> look_ahead(std::span<const float> w) override {
        backend::compute({ahead_flops * static_cast<double>(w.size()), backend::Kind::update}, [&] {
            base::copy(ahead_, w);
            base::add_scaled(ahead_, velocity(), momentum());
        });
        return ahead_;
    }

  private:
    base::FloatBuffer ahead_;
};

template <typename Rule>
std::unique_ptr<Optimiser> make(double momentum, std::size_t values) {
    return std::make_unique<Rule>(momentum, values);
}

constexpr OptimiserRow optimisers[]{{"sgd", make<Sgd>, false, false, Sgd::flops},
                                    {"momentum", make<HeavyBall>, true, false, HeavyBall::flops},
                                    {"nesterov", make<Nesterov>, true, true, Nesterov::flops}};

}  // namespace

std::span<const OptimiserRow> OptimiserRow::all() {
    return optimisers;
}

UpdateKernel Optimising::kernel(std::size_t values, double a_step) const {
    const auto begin = [chosen = *this](std::span<const float> start) -> UpdateKernel::Action {
        const std::shared_ptr<Optimiser> rule = chosen.make(start.size());
        const auto w = std::make_shared<base::FloatBuffer>(backend::make_buffer(start.size()));
        backend::compute({static_cast<double>(start.size_bytes()), backend::Kind::copy},
                         [&] { base::copy(*w, start); });
        return [rule, w](std::span<float> gradient) {
            constexpr float rate = 0.01F;
            rule->look_ahead(*w);
            rule->apply(*w, gradient, rate);
        };
    };
    return {std::string(optimiser.name()), a_step, optimiser->flops * static_cast<double>(values), begin};
}

std::vector<option::Option<Optimising>> Optimising::options() {
    return {
        {"optimiser", option::choice(&Optimising::optimiser),
         "What a gradient does to parameters. sgd: w -= lr g; momentum: u = m u - lr g, w += u; nesterov: "
         "the same with the gradient at w + m u."},
        {"momentum", option::of(&Optimising::momentum, option::proper_fraction()), "m of --optimiser.",
         "with --optimiser momentum or nesterov",
         [](const Optimising& chosen) { return chosen.optimiser->has_momentum; }}};
}

}  // namespace lockstep::exchange
