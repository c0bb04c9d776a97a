// 1024 workers, timing only: 10 rounds of recursive doubling on 50 890 parameters, against an MPI program
// that sends just these messages in the same engine. Usage: bench_simulation_scale [WORKERS] [REPETITIONS].
#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <mpi.h>

#include "backend/backend.hpp"
#include "bench/simulation/in_child.hpp"
#include "run/load_problem.hpp"
#include "run/program.hpp"
#include "sim/simulation.hpp"

namespace {

using namespace lockstep;

constexpr std::size_t rounds = 10;
constexpr std::size_t parameters = 50'890;  // 784-64-10

scenario::Config configuration(std::size_t workers) {
    scenario::Config config;
    config.method = scenario::Method("sync-average");
    config.collective = scenario::Collective("recursive-doubling");
    config.numerics = scenario::Numerics::none;
    config.workers = workers;
    config.hidden = {64};
    config.epochs = 1;
    config.batch = 1;
    config.train_samples = workers * rounds;
    return config;
}

void training(const scenario::Config& config, const run::Problem& problem) {
    sim::simulate(config,
                  [&](comm::Communicator& communicator) { run::train(communicator, config, problem); });
}

void messages_alone(const scenario::Config& config) {
    sim::simulate(config, [](comm::Communicator& /*unused*/) {
        MPI_Comm world = MPI_COMM_NULL;
        MPI_Comm_dup(MPI_COMM_WORLD, &world);
        int rank = 0;
        int size = 0;
        MPI_Comm_rank(world, &rank);
        MPI_Comm_size(world, &size);
        const base::FloatBuffer vector = backend::make_buffer(parameters);
        base::FloatBuffer incoming = backend::make_buffer(parameters);
        for (std::size_t round = 0; round < rounds; ++round)
            for (int distance = 1; distance < size; distance *= 2) {
                MPI_Request requests[2];
                MPI_Irecv(incoming.data(), parameters, MPI_FLOAT, rank ^ distance, 0, world, &requests[0]);
                MPI_Isend(vector.data(), parameters, MPI_FLOAT, rank ^ distance, 0, world, &requests[1]);
                MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
            }
        MPI_Comm_free(&world);
    });
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
    const std::size_t workers = count > 1 ? static_cast<std::size_t>(std::atoi(arguments[1])) : 1024;
    const int repetitions = count > 2 ? std::atoi(arguments[2]) : 5;
    const auto config = configuration(workers);
    const run::Problem problem = run::load_problem(config);
    std::vector<double> whole_s;
    std::vector<double> ratio;
    double peak_bytes = 0;
    for (int i = 0; i < repetitions; ++i) {
        const auto engine = bench::in_child([&] { messages_alone(config); });
        const auto whole = bench::in_child([&] { training(config, problem); });
        whole_s.push_back(whole.wall_s);
        ratio.push_back(whole.wall_s / engine.wall_s);
        peak_bytes = std::max(peak_bytes, whole.peak_bytes);
    }
    fmt::print("{} workers, timing only, {} rounds of recursive doubling on {} parameters; medians of {}\n",
               workers, rounds, parameters, repetitions);
    fmt::print("whole run                {:8.2f} s, peak memory {:.0f} MB\n", median(whole_s),
               peak_bytes / 1e6);
    fmt::print("whole run / messages alone {:6.2f}\n", median(ratio));
}
