// Wall time of an exchange between two real ranks, without training, against a memory copy of the bytes that
// a rank sends in it. Usage: mpirun -n 2 bench_exchange_real [VALUES] [STEPS].
#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <mpi.h>

#include "base/vector_math.hpp"
#include "bench/exchange/idle_training.hpp"
#include "bench/exchange/variants.hpp"
#include "comm/mpi/mpi_transport.hpp"
#include "exchange/catalogue.hpp"
#include "real/watchful_transport.hpp"

namespace {

using namespace lockstep;

constexpr int repetitions = 5;

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

struct Cost {
    double step_s;
    double bytes;  ///< sent in a step by the busier rank
};

Cost measure(comm::Communicator& communicator, const scenario::Config& config, std::size_t columns,
             std::uint64_t steps) {
    const base::FloatBuffer start(columns * columns);
    bench::IdleTraining training(steps, columns, columns);
    exchange::Journal journal;
    const exchange::Team team = scenario::team_of(config);
    communicator.barrier();
    communicator.log().clear();
    const double began_s = communicator.now_s();
    exchange::Participant participant{communicator, team, training, journal, start.span()};
    scenario::method_of(config)->train(participant);
    communicator.barrier();
    double busier = static_cast<double>(communicator.log().messages().traffic().bytes);
    MPI_Allreduce(MPI_IN_PLACE, &busier, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return {(communicator.now_s() - began_s) / static_cast<double>(steps),
            busier / static_cast<double>(steps)};
}

double copy_s(double bytes, std::uint64_t steps) {
    base::FloatBuffer from(static_cast<std::size_t>(bytes) / 4);
    base::FloatBuffer to(from.size());
    const double began_s = MPI_Wtime();
    for (std::uint64_t step = 0; step < steps; ++step) {
        from.data()[0] = static_cast<float>(step);
        base::copy(to, from);
    }
    return (MPI_Wtime() - began_s) / static_cast<double>(steps);
}

/// `bare` waits in the library.
void compare(comm::Communicator& communicator, comm::Communicator& bare, const bench::Variant& variant,
             std::size_t columns, std::uint64_t steps) {
    std::vector<double> exchange;
    std::vector<double> ratio;
    std::vector<double> of_bare;
    Cost cost{};
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        cost = measure(communicator, variant.config, columns, steps);
        exchange.push_back(cost.step_s);
        ratio.push_back(cost.step_s / copy_s(cost.bytes, steps));
        of_bare.push_back(cost.step_s / measure(bare, variant.config, columns, steps).step_s);
    }
    if (communicator.rank() == 0)
        fmt::print("{:22} {:8.3f} ms  {:8.0f} kB  {:6.1f}  ({:.1f} to {:.1f})  {:5.2f}\n", variant.name,
                   1e3 * median(exchange), cost.bytes / 1e3, median(ratio), *std::ranges::min_element(ratio),
                   *std::ranges::max_element(ratio), median(of_bare));
}

}  // namespace

int main(int count, char** arguments) {
    MPI_Init(&count, &arguments);
    const auto argument = [&](int position, std::size_t otherwise) {
        return count > position ? static_cast<std::size_t>(std::atoi(arguments[position])) : otherwise;
    };
    const std::size_t columns = argument(1, 500);
    const std::size_t steps = argument(2, 50);
    {
        comm::Communicator bare(comm::duplicate_world());
        constexpr double most_s = 600;
        comm::Communicator communicator(std::make_unique<real::WatchfulTransport>(
            comm::duplicate_world(), real::Waiting{false, most_s, {}}));
        if (communicator.rank() == 0)
            fmt::print(
                "{0} ranks, {1} x {1} values, medians of {2} times {3} steps\n"
                "{4:22} {5:>11}  {6:>11}  exchange / copy of the bytes sent; / waiting in the library\n",
                communicator.size(), columns, repetitions, steps, "method", "a step", "sent");
        for (const auto& variant : bench::variants(communicator.size()))
            compare(communicator, bare, variant, columns, steps);
    }
    MPI_Finalize();
}
