// 1024 workers and a server by arrival, timing only, 600 updates each, against an MPI program that sends just
// these messages in the same engine. Usage: bench_server_scale [WORKERS] [STEPS].
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <mpi.h>

#include "backend/backend.hpp"
#include "bench/simulation/in_child.hpp"
#include "run/load_problem.hpp"
#include "sim/simulated_run.hpp"
#include "sim/simulation.hpp"

namespace {

using namespace lockstep;

scenario::Config configuration(std::size_t workers, std::size_t steps) {
    scenario::Config config;
    config.method = scenario::Method("by-arrival");
    config.numerics = scenario::Numerics::none;
    config.workers = workers;
    config.batch = 10;
    config.epochs = steps;
    config.train_samples = workers * 10;
    config.bandwidth_Bps = 1.25e10;
    config.variability = base::Distribution::parse("", "lognormal:0.2");
    return config;
}

void serve(MPI_Comm world, int workers, std::size_t steps, base::FloatBuffer& vector) {
    std::vector<MPI_Request> arrivals(static_cast<std::size_t>(workers));
    const auto listen = [&](int worker) {
        MPI_Irecv(vector.data(), static_cast<int>(vector.size()), MPI_FLOAT, worker, 0, world,
                  &arrivals[static_cast<std::size_t>(worker)]);
    };
    for (int worker = 0; worker < workers; ++worker) listen(worker);
    std::vector<std::size_t> left(arrivals.size(), steps - 1);
    for (std::size_t update = 0; update < arrivals.size() * steps; ++update) {
        int worker = 0;
        MPI_Waitany(workers, arrivals.data(), &worker, MPI_STATUS_IGNORE);
        MPI_Send(vector.data(), static_cast<int>(vector.size()), MPI_FLOAT, worker, 0, world);
        if (left[static_cast<std::size_t>(worker)]-- > 0) listen(worker);
    }
}

/// Every worker sends and receives as often as `steps`; without arithmetic all are equally fast.
void messages_alone(const scenario::Config& config, std::size_t steps, std::size_t parameters) {
    sim::simulate(config, [&](comm::Communicator& /*unused*/) {
        MPI_Comm world = MPI_COMM_NULL;
        MPI_Comm_dup(MPI_COMM_WORLD, &world);
        int rank = 0;
        MPI_Comm_rank(world, &rank);
        const auto workers = static_cast<int>(config.workers);
        base::FloatBuffer vector = backend::make_buffer(parameters);
        if (rank == workers) {
            serve(world, workers, steps, vector);
        } else {
            for (std::size_t step = 0; step < steps; ++step) {
                MPI_Send(vector.data(), static_cast<int>(parameters), MPI_FLOAT, workers, 0, world);
                MPI_Recv(vector.data(), static_cast<int>(parameters), MPI_FLOAT, workers, 0, world,
                         MPI_STATUS_IGNORE);
            }
        }
        MPI_Comm_free(&world);
    });
}

}  // namespace

int main(int count, char** arguments) {
    const auto argument = [&](int position, std::size_t otherwise) {
        return count > position ? static_cast<std::size_t>(std::atoi(arguments[position])) : otherwise;
    };
    const std::size_t workers = argument(1, 1024);
    const std::size_t steps = argument(2, 600);
    const auto config = configuration(workers, steps);
    const run::Problem problem = run::load_problem(config);
    const auto whole = bench::in_child([&] {
        run::Progress silent;
        sim::run_simulated(config, problem, silent);
    });
    fmt::print("{} workers, {} updates each, by arrival, timing only\n", workers, steps);
    fmt::print("whole run                  {:8.2f} s, {:.1f} us an update, peak memory {:.0f} MB\n",
               whole.wall_s, 1e6 * whole.wall_s / static_cast<double>(workers * steps),
               whole.peak_bytes / 1e6);
    std::fflush(stdout);  // or the next child would print it again
    const auto engine = bench::in_child([&] { messages_alone(config, steps, problem.parameters); });
    fmt::print("whole run / messages alone {:8.2f}\n", whole.wall_s / engine.wall_s);
}
