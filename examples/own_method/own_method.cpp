// Runs odd_even.hpp on a problem in which it matters who hears of whom: each worker is drawn to a point of
// its own, each with another strength.
#include <cstdio>
#include <vector>

#include "odd_even.hpp"

namespace {

void compare(const lockstep::Rank& rank) {
    const std::size_t values = rank.whole("values");
    const auto aim = static_cast<float>(rank.communicator.rank());
    const float strength = 1 / (1 + aim);
    lockstep::GradientTraining training(
        values,
        {.steps = rank.whole("steps"), .learning_rate = 0.1F, .flops = 100.0 * static_cast<double>(values)},
        [&](std::uint64_t, std::span<const float> w, std::span<float> gradient) {
            for (std::size_t i = 0; i < w.size(); ++i) gradient[i] += strength * (w[i] - aim);
        });
    const std::vector<float> start(values, 10.0F);
    const auto trained =
        lockstep::train(rank.communicator, training, OddEven(), start, {.checks = {.collective = true}});
    if (rank.communicator.rank() != 0) return;
    std::printf("%s", lockstep::to_text(trained).c_str());
    if (lockstep::arithmetic_is_real())
        std::printf("\nmean parameter  %.4f\n", static_cast<double>(trained.parameters[0]));
}

}  // namespace

int main(int count, char** arguments) {
    return lockstep::run_ranks(
        count, arguments,
        {"own_method",
         "odd-even averaging of a simple problem",
         {{"values", "N", "1000", "Parameters."}, {"steps", "N", "100", "Of each worker."}},
         compare});
}
