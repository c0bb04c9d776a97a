#include "real/runs/estimate.hpp"

#include <algorithm>
#include <optional>

#include "base/file.hpp"
#include "base/packing.hpp"
#include "real/emulation.hpp"
#include "real/mpi/library.hpp"
#include "real/runs/lockstep_real.hpp"
#include "real/trainers.hpp"
#include "result/estimate.hpp"
#include "run/program.hpp"
#include "run/rehearsal.hpp"

namespace lockstep::real {
namespace {

/// Of what ranks have skipped the most, on rank 0: processors are emulated at one time, and the run lasts as
/// long as the one with most to do.
double most_skipped_s(comm::Communicator& communicator) {
    double most_s = skipped_s();
    if (communicator.rank() != 0) communicator.send_bytes(base::pack(most_s), 0);
    for (std::size_t rank = 1; communicator.rank() == 0 && rank < communicator.size(); ++rank)
        most_s = std::max(most_s, base::unpack<double>(communicator.receive_bytes(rank)));
    return most_s;
}

}  // namespace

void run_estimate(comm::Communicator& everybody, const scenario::Invocation& invocation) {
    const scenario::Config& config = invocation.config;
    std::optional<run::Rehearsal> rehearsal;
    agreed(everybody, invocation, [&] { rehearsal.emplace(config, now_s); });
    emulate_processor(config, everybody.rank(), Sleeps::skipped);
    comm::Communicator communicator = trainers(config, program_name);
    const auto rehearsed = run::train(communicator, rehearsal->config(), rehearsal->problem(),
                                      {.progress = &rehearsal->progress()});
    const double sleeps_s = most_skipped_s(communicator);
    agreed(everybody, invocation, [&] {
        if (communicator.rank() == 0)
            base::print_to_stdout(result::to_json(rehearsal->estimate(*rehearsed, sleeps_s)));
    });
}

}  // namespace lockstep::real
