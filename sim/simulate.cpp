// What programs of their own start a simulation by.
#include "sim/simulate.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <simgrid/Exception.hpp>

#include "api/command_line.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/parallel_start.hpp"
#include "base/process/program.hpp"
#include "comm/agreement.hpp"
#include "sim/check/platform_check.hpp"
#include "sim/last_words.hpp"
#include "sim/rank_limit.hpp"
#include "sim/simulation.hpp"

namespace lockstep {
namespace {

void require_first_simulation() {
    static bool has_begun = false;
    if (std::exchange(has_begun, true))
        throw base::InputError("simulate: one simulation a process, and there has been one");
}

void simulate_program(const Program& program, const CommandLine& line) {
    const auto main = [&](comm::Communicator& communicator) { program.main(Rank(communicator, line.own)); };
    simulate(line.platform, line.ranks, main, program.name);
}

}  // namespace

void simulate(const scenario::Platform& platform, std::size_t ranks,
              const std::function<void(comm::Communicator&)>& main, std::string_view name) {
    const scenario::Config config = config_of(platform, ranks);
    sim::require_room_for_ranks(config, "--ranks");
    sim::check_platform(config);
    require_first_simulation();
    const sim::SignalHandlers ours;
    const auto standstill = sim::simulate(
        config,
        [&](comm::Communicator& communicator) {
            try {
                main(communicator);
            } catch (const comm::AgreedError&) {
                throw;
            } catch (const simgrid::Exception&) {  // the engine's own way to end a rank
                throw;
            } catch (const std::exception& error) {
                throw error_of_rank(communicator.rank(), error);
            }
        },
        name);
    if (!standstill) return;
    const std::string& reason = standstill->reason;
    throw base::EnvironmentError(fmt::format("the simulation came to a standstill: {}",
                                             reason.empty() ? "a processor has stopped for good" : reason));
}

int run_ranks(int count, char** arguments, const Program& program) {
    return base::run_program(program.name, [&] {
        const std::vector<std::string> words(arguments + 1, arguments + count);
        const CommandLine line = read_command_line(program, words, scenario::World::simulated);
        if (line.text) {
            base::print_to_stdout(*line.text);
            return 0;
        }
        base::warn_of_copies(program.name);
        try {
            simulate_program(program, line);
        } catch (const base::Error&) {
            throw;
        } catch (const std::exception& error) {  // SimGrid's go over several lines
            throw base::EnvironmentError(sim::one_line(error.what()));
        }
        return 0;
    });
}

}  // namespace lockstep
