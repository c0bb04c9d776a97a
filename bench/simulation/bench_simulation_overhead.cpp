// What simulating costs beyond the arithmetic: 8 workers, synchronous averaging, 784-64-10, batch 100,
// against the very same steps in a plain loop. Usage: bench_simulation_overhead [DATA] [REPETITIONS]; DATA is
// a --data specification.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/simulation/in_child.hpp"
#include "data/batch_loader.hpp"
#include "run/load_problem.hpp"
#include "run/program.hpp"
#include "sim/simulation.hpp"

namespace {

using namespace lockstep;

scenario::Config configuration(const std::string& data) {
    scenario::Config config;
    config.data = data;
    config.method = scenario::Method("sync-average");
    config.workers = 8;
    config.hidden = {64};
    config.epochs = 5;
    config.test_samples = 100;  // testing is arithmetic, but not that of the steps
    return config;
}

/// Every worker's batches gathered and stepped on, one worker after the other in each round, nothing
/// exchanged.
void arithmetic_alone(const scenario::Config& config, const run::Problem& problem) {
    struct Worker {
        base::FloatBuffer w;
        data::BatchLoader loader;
        model::Workspace workspace;
        std::vector<std::uint32_t> indices;
    };
    const std::size_t capacity = problem.order.largest_batch();
    std::vector<Worker> workers;
    for (std::size_t i = 0; i < config.workers; ++i) {
        workers.push_back(
            {base::FloatBuffer(problem.network.parameter_count()),
             data::BatchLoader(problem.dataset->train, problem.shape.pixels_per_image(), capacity),
             model::Workspace(problem.network, capacity),
             {}});
        problem.network.initialise(workers.back().w, config.seed);
    }
    for (std::size_t epoch = 0; epoch < config.epochs; ++epoch) {
        for (std::size_t i = 0; i < workers.size(); ++i)
            workers[i].indices = problem.order.epoch_indices(i, epoch);
        for (std::size_t round = 0; round < problem.order.rounds_per_epoch(); ++round)
            for (Worker& worker : workers) {
                const auto batch = worker.loader.gather(problem.order.round_indices(worker.indices, round));
                problem.network.step(worker.w, batch, static_cast<float>(config.lr), worker.workspace);
            }
    }
}

void simulated(scenario::Config config, const run::Problem& problem, std::size_t threads) {
    config.threads = threads;
    sim::simulate(config,
                  [&](comm::Communicator& communicator) { run::train(communicator, config, problem); });
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
    const auto config = configuration(count > 1 ? arguments[1] : "digits");
    const int repetitions = count > 2 ? std::atoi(arguments[2]) : 7;
    const run::Problem problem = run::load_problem(config);
    std::vector<double> alone;
    std::vector<double> one_thread;
    std::vector<double> all_threads;
    for (int i = 0; i < repetitions; ++i) {
        const double own_s = bench::in_child([&] { arithmetic_alone(config, problem); }).wall_s;
        alone.push_back(own_s);
        one_thread.push_back(bench::in_child([&] { simulated(config, problem, 1); }).wall_s / own_s);
        all_threads.push_back(bench::in_child([&] { simulated(config, problem, 0); }).wall_s / own_s);
    }
    fmt::print("8 workers, sync-average (tree), 784-64-10, batch 100, {} epochs of {}; medians of {}\n",
               config.epochs, problem.dataset->description, repetitions);
    fmt::print("arithmetic alone, one thread      {:8.3f} s\n", median(alone));
    fmt::print("simulation / arithmetic, threads 1  {:6.2f}\n", median(one_thread));
    fmt::print("simulation / arithmetic, all cores  {:6.2f}\n", median(all_threads));
}
