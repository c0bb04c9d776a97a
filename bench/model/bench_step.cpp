// What a training step costs beside its matrix products alone, and whose products are fastest: every
// candidate in one run, interleaved, so that a busy machine slows them alike.
//
//     bench_step [ROUNDS]        default 200 rounds of 2 to 100 steps each. Ratios are of the best rounds:
//                               other programs only slow a round down. The median shows how busy the machine
//                               was

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/random.hpp"
#include "data/batch_loader.hpp"
#include "model/network.hpp"
#include "products.hpp"

namespace lockstep::bench {
namespace {

struct Candidate {
    std::string name;
    std::function<void()> run;
    std::vector<double> times_s = {};

    double best_s() const { return *std::ranges::min_element(times_s); }
    double median_s() {
        const auto middle = times_s.begin() + static_cast<std::ptrdiff_t>(times_s.size() / 2);
        std::nth_element(times_s.begin(), middle, times_s.end());
        return *middle;
    }
};

data::Samples random_samples(std::size_t count, std::size_t pixels) {
    base::RandomStream random(1, base::Purpose::test, 100);
    std::vector<std::uint8_t> images(count * pixels);
    std::vector<std::uint8_t> labels(count);
    for (auto& pixel : images) pixel = static_cast<std::uint8_t>(random.bits());
    for (auto& label : labels) label = static_cast<std::uint8_t>(random.below(10));
    return {std::move(images), std::move(labels)};
}

/// A worker as the training loop has it: shuffled samples gathered batch by batch.
class Training {
  public:
    Training(const model::Architecture& architecture, const data::Samples& samples, std::size_t batch)
        : network_(architecture),
          workspace_(network_, batch),
          parameters_(network_.parameter_count()),
          loader_(samples, architecture.inputs, batch),
          order_(samples.size()) {
        network_.initialise(parameters_, 1);
        std::iota(order_.begin(), order_.end(), 0U);
        base::RandomStream(1, base::Purpose::test, 101).shuffle(order_);
        gather();
    }

    void gather() {
        next_ += loader_.capacity();
        if (next_ + loader_.capacity() > order_.size()) next_ = 0;
        batch_ = loader_.gather(std::span(order_).subspan(next_, loader_.capacity()));
    }
    void step() { network_.step(parameters_, batch_, 0.01F, workspace_); }

  private:
    model::Network network_;
    model::Workspace workspace_;
    base::FloatBuffer parameters_;
    data::BatchLoader loader_;
    std::vector<std::uint32_t> order_;
    std::size_t next_ = 0;
    model::Batch batch_;
};

void measure(std::vector<Candidate>& candidates, int rounds, int steps) {
    for (int round = 0; round < rounds; ++round)
        for (Candidate& candidate : candidates) {
            candidate.run();
            const auto begin = std::chrono::steady_clock::now();
            for (int i = 0; i < steps; ++i) candidate.run();
            const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
            candidate.times_s.push_back(elapsed.count() / steps);
        }
}

void compare(const model::Architecture& architecture, const data::Samples& samples, std::size_t batch,
             const std::vector<Blas>& libraries, int rounds) {
    Products products(architecture, batch);
    Training training(architecture, samples, batch);
    std::vector<Candidate> candidates;
    candidates.push_back({"products, " + model::products_library(), [&] { products.by_model(); }});
    candidates.push_back({"products, Eigen", [&] { products.by_eigen(); }});
    for (const Blas& blas : libraries)
        candidates.push_back({"products, " + blas.name, [&] { products.by_blas(blas); }});
    const std::size_t libraries_end = candidates.size();
    candidates.push_back({"step", [&] { training.step(); }});
    candidates.push_back({"gather + step", [&] {
                              training.gather();
                              training.step();
                          }});
    const int steps = std::clamp(static_cast<int>(4e8 / products.flops()), 2, 100);
    measure(candidates, rounds, steps);

    double best_library_s = candidates.front().best_s();
    for (std::size_t i = 1; i < libraries_end; ++i)
        best_library_s = std::min(best_library_s, candidates[i].best_s());
    const std::string hidden = architecture.hidden.empty() ? "" : fmt::format("-{}", architecture.hidden[0]);
    fmt::print("\n{}{}-{}, batch {}\n{:<34}{:>9}{:>11}{:>10}{:>16}\n", architecture.inputs, hidden,
               architecture.outputs, batch, "", "best us", "median us", "Gflop/s", "/ best library");
    for (Candidate& candidate : candidates) {
        const double time_s = candidate.best_s();
        fmt::print("{:<34}{:>9.1f}{:>11.1f}{:>10.1f}{:>16.2f}\n", candidate.name, time_s * 1e6,
                   candidate.median_s() * 1e6, products.flops() / time_s * 1e-9, time_s / best_library_s);
    }
}

}  // namespace
}  // namespace lockstep::bench

int main(int argc, char** argv) {
    using namespace lockstep;
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 200;
    const auto libraries = bench::load_blas();
    const auto small = bench::random_samples(60000, 784);
    const auto compare = [&](std::size_t batch, std::vector<std::size_t> hidden) {
        bench::compare({784, std::move(hidden), 10}, small, batch, libraries, rounds);
    };
    for (const std::size_t batch : {100U, 1U})
        for (const std::vector<std::size_t>& hidden : {std::vector<std::size_t>{64}, {30}, {}})
            compare(batch, hidden);
    compare(10, {64});
    compare(1024, {64});
    compare(32, {512});
    const auto coloured = bench::random_samples(5000, 3072);
    for (const std::size_t batch : {1U, 32U, 100U, 1024U})
        bench::compare({3072, {128}, 10}, coloured, batch, libraries, rounds);
}
