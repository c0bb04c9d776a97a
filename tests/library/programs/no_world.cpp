// Without a world: what is alone and needs no time, as in unit tests.
#include <cstdio>
#include <vector>

#include <lockstep/lockstep.hpp>

int main() {
    lockstep::GradientTraining training(
        1, {.steps = 1, .learning_rate = 0.5F},
        [](std::uint64_t, std::span<const float> w, std::span<float> gradient) { gradient[0] += w[0]; });
    std::vector<float> w{8};
    training.step(0, w);
    std::printf("%.1f, %s\n", static_cast<double>(w[0]), std::string(lockstep::version()).c_str());
}
