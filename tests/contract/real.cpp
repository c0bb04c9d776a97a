// The contract in the real world: an MPI program that runs every case on all ranks that mpirun has started.
#include <chrono>
#include <exception>
#include <memory>
#include <string>

#include <mpi.h>

#include "comm/mpi/mpi_transport.hpp"
#include "real/watchful_transport.hpp"
#include "tests/contract/contract.hpp"
#include "tests/support/gathering.hpp"

namespace {

using namespace lockstep;

/// Collective: whether any rank complains.
bool fails(comm::Communicator& communicator, const contract::Case& one) {
    support::Findings findings;
    one.check(communicator, findings);
    const std::string complaints = support::gather_text(
        communicator, findings.text(fmt::format("{}: rank {}: ", one.name, communicator.rank())));
    fmt::print(stderr, "{}", complaints);
    return communicator.agree_on_maximum(complaints.empty() ? 0 : 1) != 0;
}

/// Open MPI's clock begins when a rank first reads it: here 50 ms after that of the rank before, so that a
/// contract about clocks means something.
void make_clocks_differ(const comm::Communicator& communicator) {
    const auto now = [] { return std::chrono::steady_clock::now(); };
    const auto until = now() + std::chrono::milliseconds(50 * communicator.rank());
    while (now() < until) {
    }
    MPI_Wtime();
}

struct Tally {
    int run = 0;
    int failed = 0;
};

void run_cases(comm::Communicator& communicator, const std::vector<contract::Case>& cases,
               const std::string& only, Tally& tally) {
    for (const contract::Case& one : cases) {
        if (communicator.size() < one.fewest_ranks || (!only.empty() && only != one.name)) continue;
        ++tally.run;
        communicator.log().clear();
        if (fails(communicator, one)) ++tally.failed;
    }
}

/// The number of cases that fail. `only` is the name of the one to run, or empty.
int run_contract(const std::string& only) {
    comm::Communicator communicator(comm::duplicate_world());
    const auto watchful = [](bool naps) {
        constexpr double most_s = 600;
        return comm::Communicator(std::make_unique<real::WatchfulTransport>(comm::duplicate_world(),
                                                                            real::Waiting{naps, most_s, {}}));
    };
    comm::Communicator patient = watchful(true);
    comm::Communicator attentive = watchful(false);
    make_clocks_differ(communicator);
    Tally tally;
    run_cases(communicator, contract::all_cases(), only, tally);
    for (comm::Communicator* const one : {&patient, &attentive}) {
        run_cases(*one, contract::transport_cases(), only, tally);
        run_cases(*one, contract::point_to_point_cases(), only, tally);
    }
    if (communicator.rank() == 0)
        fmt::print("{} ranks: {} cases, {} failed\n", communicator.size(), tally.run, tally.failed);
    return tally.run == 0 ? 1 : tally.failed;
}

}  // namespace

int main(int count, char** arguments) {
    MPI_Init(&count, &arguments);
    int failed = 0;
    try {
        failed = run_contract(count > 1 ? arguments[1] : "");
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Finalize();
    return failed == 0 ? 0 : 1;
}
