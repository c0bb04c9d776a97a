#include "exchange/optimiser.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

class Sgd final : public Optimiser {
  public:
    Sgd(double /*momentum*/, std::size_t /*values*/) {}

    void apply(std::span<float> w, std::span<const float> gradient, float rate) override {
        backend::compute(2 * static_cast<double>(w.size()), [&] { base::descend(w, gradient, rate); });
    }
};

class HeavyBall : public Optimiser {
  public:
    HeavyBall(double momentum, std::size_t values)
        : momentum_(static_cast<float>(momentum)), velocity_(backend::make_buffer(values)) {}

    void apply(std::span<float> w, std::span<const float> gradient, float rate) override {
        backend::compute(4 * static_cast<double>(w.size()), [&] {
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
    Nesterov(double momentum, std::size_t values)
        : HeavyBall(momentum, values), ahead_(backend::make_buffer(values)) {}

    std::span<const float> look_ahead(std::span<const float> w) override {
        backend::compute(2 * static_cast<double>(w.size()), [&] {
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

constexpr OptimiserRow optimisers[]{{"sgd", make<Sgd>, false, false},
                                    {"momentum", make<HeavyBall>, true, false},
                                    {"nesterov", make<Nesterov>, true, true}};

}  // namespace

std::span<const OptimiserRow> OptimiserRow::all() {
    return optimisers;
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
