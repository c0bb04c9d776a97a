// Every method on one problem: a line for each with the digest of its parameters, and its traffic beside its
// closed form.
#include <cstdio>
#include <memory>
#include <vector>

#include <lockstep/lockstep.hpp>

namespace {

void train_by_all(const lockstep::Rank& rank) {
    constexpr std::size_t values = 37;
    const lockstep::MethodOptions options{};
    for (const lockstep::MethodRow& row : lockstep::MethodRow::all()) {
        const std::unique_ptr<lockstep::Method> method = row.make(options);
        if (row.traits->is_alone && rank.communicator.size() > 1) continue;
        lockstep::GradientTraining training(
            values, {.steps = 40, .steps_per_epoch = 10, .learning_rate = 0.05F, .decay = 0.9F, .flops = 1e5},
            [&](std::uint64_t step, std::span<const float> w, std::span<float> gradient) {
                const auto aim = static_cast<float>((step * 7 + rank.communicator.rank() * 3) % 11) / 11;
                for (std::size_t i = 0; i < w.size(); ++i)
                    gradient[i] += w[i] - aim - static_cast<float>(i) / 40;
            });
        const std::vector<float> start(values, 0.5F);
        try {
            const auto trained = lockstep::train(rank.communicator, training, *method, start);
            if (rank.communicator.rank() != 0) continue;
            std::printf("%s %s %s", trained.method.c_str(), method->is_deterministic() ? "fixed" : "timed",
                        trained.digest().c_str());
            for (const auto& traffic : {trained.traffic, trained.predicted})
                std::printf(" %llu/%llu", traffic ? static_cast<unsigned long long>(traffic->messages) : 0ULL,
                            traffic ? static_cast<unsigned long long>(traffic->bytes) : 0ULL);
            std::printf(" %.3f\n", static_cast<double>(trained.parameters[5]));
        } catch (const lockstep::AgreedError& error) {
            if (rank.communicator.rank() == 0)
                std::printf("%s refused %s\n", std::string(row.name).c_str(), error.what());
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    return lockstep::run_ranks(count, arguments, {"methods", "every method", {}, train_by_all});
}
