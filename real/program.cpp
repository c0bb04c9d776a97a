// A program of its own in the real world.
#include "api/program.hpp"

#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "api/command_line.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/parallel_start.hpp"
#include "base/process/program.hpp"
#include "comm/agreement.hpp"
#include "comm/mpi/mpi_transport.hpp"
#include "real/emulation.hpp"
#include "real/mpi/library.hpp"
#include "real/neighbours.hpp"
#include "real/trainers.hpp"

namespace lockstep {
namespace {

void run_main(const Program& program, const CommandLine& line) {
    const scenario::Config config = config_of(line.platform, line.ranks);
    comm::Communicator communicator = real::trainers(config, program.name);
    real::emulate_processor(config, communicator.rank());
    try {
        program.main(Rank(communicator, line.own));
    } catch (const comm::AgreedError&) {
        throw;
    } catch (const std::exception& error) {
        const base::Error told = error_of_rank(communicator.rank(), error);
        base::print_message(fmt::format("{}: {}", program.name, told.what()));
        real::end_all(told.status());
    }
}

/// Copies that a launcher of another library has started are alone, each in a world of its own.
void require_one_world(const comm::Communicator& everybody, const std::optional<base::ParallelStart>& start) {
    if (everybody.size() == 1 && start)
        throw base::InputError(
            fmt::format("started as {} by a launcher that is not {}'s ({}); use its mpirun", start->one_of(),
                        real::library_version(), start->evidence));
}

int run_rank(const Program& program, const std::vector<std::string>& words,
             const std::optional<base::ParallelStart>& start) {
    auto transport = comm::duplicate_world();
    real::meet_neighbours(*transport);
    comm::Communicator everybody(std::move(transport));
    const bool is_copy = everybody.size() == 1 && start;
    const bool speaks = is_copy ? start->is_first : everybody.rank() == 0;
    try {
        CommandLine line;
        comm::agreed(everybody, [&] {
            require_one_world(everybody, start);
            line = read_command_line(program, words, scenario::World::real, everybody.size());
            if (line.text && speaks) base::print_to_stdout(*line.text);
            (void)config_of(line.platform, everybody.size());
        });
        if (!line.text) run_main(program, line);
        return 0;
    } catch (const comm::AgreedError& error) {
        if (speaks) base::print_message(fmt::format("{}: {}", program.name, error.what()));
        if (is_copy) start->let_first_speak();
        return static_cast<int>(error.status());
    }
}

}  // namespace

int run_ranks(int count, char** arguments, const Program& program) {
    return base::run_program(program.name, [&] {
        const auto start = base::parallel_start();
        return real::with_mpi(count, arguments, program.name, [&] {
            return run_rank(program, {arguments + 1, arguments + count}, start);
        });
    });
}

}  // namespace lockstep
