// How fast simulated exchanges are: messages a second of wall time, by method, in timing-only runs without
// training. Usage: bench_exchange_simulated [RANKS] [STEPS].
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "bench/exchange/idle_training.hpp"
#include "bench/exchange/variants.hpp"
#include "bench/simulation/in_child.hpp"
#include "exchange/catalogue.hpp"
#include "sim/simulation.hpp"

namespace {

using namespace lockstep;

constexpr std::size_t columns = 100;

double wall_s(const scenario::Config& config, std::uint64_t steps) {
    return bench::in_child([&] {
               sim::simulate(config, [&](comm::Communicator& communicator) {
                   const base::FloatBuffer start = backend::make_buffer(columns * columns);
                   bench::IdleTraining training(steps, columns, columns);
                   exchange::Journal journal;
                   const exchange::Team team = scenario::team_of(config);
                   exchange::Participant participant{communicator, team, training, journal, start.span()};
                   scenario::method_of(config)->train(participant);
               });
           })
        .wall_s;
}

}  // namespace

int main(int count, char** arguments) {
    const auto argument = [&](int position, std::size_t otherwise) {
        return count > position ? static_cast<std::size_t>(std::atoi(arguments[position])) : otherwise;
    };
    const std::size_t ranks = argument(1, 16);
    const std::size_t steps = argument(2, 500);
    fmt::print("{} ranks, {} steps of each worker, timing only\n", ranks, steps);
    for (bench::Variant variant : bench::variants(ranks)) {
        variant.config.numerics = scenario::Numerics::none;
        std::fflush(stdout);  // or the next child would print it again
        const std::size_t workers = variant.config.workers;
        const exchange::Work work{workers, steps, steps, columns * columns, steps * workers};
        const auto traffic = scenario::method_of(variant.config)->traffic(work).value_or(comm::Traffic{});
        const double start_up_s = wall_s(variant.config, 1);
        const double all_s = wall_s(variant.config, steps) - start_up_s;
        const double updates = static_cast<double>(steps * variant.config.workers);
        fmt::print("{:22} {:9.0f} messages/s  {:9.0f} worker steps/s\n", variant.name,
                   static_cast<double>(traffic.messages) / all_s, updates / all_s);
    }
}
