#include <cstdio>
#include <vector>

#include <lockstep/lockstep.hpp>

// Every rank calls this. Worker k is drawn to the number k; together they find the mean.
void find_mean(const lockstep::Rank& rank) {
    const auto mine = static_cast<float>(rank.communicator.rank());
    lockstep::GradientTraining training(1, {.steps = 100, .learning_rate = 0.1F, .flops = 2},
                                        [&](std::uint64_t, std::span<const float> w,
                                            std::span<float> gradient) { gradient[0] += w[0] - mine; });
    const std::vector<float> start{0};
    const auto trained = lockstep::train(rank.communicator, training, lockstep::Allreduce(), start);
    if (rank.communicator.rank() != 0) return;
    std::printf("%s", to_text(trained).c_str());
    if (trained.parameters.size() > 0)  // there are none with --numerics none
        std::printf("\nthe mean is %.3f\n", static_cast<double>(trained.parameters[0]));
}

int main(int count, char** arguments) {
    return lockstep::run_ranks(count, arguments, {"mean", "finds a mean", {}, find_mean});
}
