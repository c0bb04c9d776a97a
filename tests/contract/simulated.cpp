// The contract in the simulated world: every case on every number of ranks in a process of its own.
#include "tests/contract/contract.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_child.hpp"

using namespace lockstep;

TEST_CASE("every case of the contract holds in the simulated world") {
    const auto ranks = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 16);
    for (const contract::Case& one : contract::all_cases()) {
        if (ranks < one.fewest_ranks) continue;
        DYNAMIC_SECTION(one.name << ", " << ranks << " ranks") {
            const auto run = support::simulate_in_child_for_text(
                support::star_of(ranks), [&](comm::Communicator& communicator) {
                    support::Findings findings;
                    one.check(communicator, findings);
                    return findings.text(fmt::format("rank {}: ", communicator.rank()));
                });
            CHECK((run.failure ? run.failure->message : "") == "");
            for (const std::string& complaints : run.ranks) CHECK(complaints == "");
        }
    }
}
