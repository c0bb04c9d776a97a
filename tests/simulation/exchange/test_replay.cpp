// What the program makes of an order that is well-formed, but was not recorded by a run like this one.
#include <algorithm>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "exchange/arrival_order.hpp"
#include "result/order.hpp"
#include "run/load_problem.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_replay {

using namespace lockstep;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A file that is gone afterwards.
class OrderFile {
  public:
    OrderFile()
        : path_(std::filesystem::temp_directory_path() / fmt::format("lockstep-{}.order", ::getpid())) {}
    OrderFile(const OrderFile&) = delete;
    OrderFile& operator=(const OrderFile&) = delete;
    ~OrderFile() { std::filesystem::remove(path_); }

    /// Records a run of the configuration, and changes what is written of it.
    scenario::Config replay_of(scenario::Config config, void (*change)(result::Order& order)) const {
        config.record = path_.string();
        support::run_in_child([&] {
            run::Progress silent;
            const auto result = sim::run_simulated(config, run::load_problem(config), silent);
            result::Order order = *result.order;
            change(order);
            result::write_order(order, path_);
            return std::string();
        });
        config.record.clear();
        config.replay = path_.string();
        return config;
    }

  private:
    std::filesystem::path path_;
};

scenario::Config by_arrival() {
    scenario::Config config;
    config.method = scenario::Method("by-arrival");
    config.workers = 3;
    config.train_samples = 90;
    config.test_samples = 20;
    config.batch = 10;
    config.epochs = 2;
    return config;
}

}  // namespace

TEST_CASE("a replay says whether it ends with the recorded parameters") {
    const OrderFile file;
    CHECK(simulation::whole_run(file.replay_of(by_arrival(), [](auto&) {})).summary.replay == "matches");
    const auto other_digest = [](result::Order& order) { order.parameters_digest[0] ^= 1; };
    CHECK(simulation::whole_run(file.replay_of(by_arrival(), other_digest)).summary.replay == "differs");
    const auto no_digest = [](result::Order& order) { order.parameters_digest.clear(); };
    CHECK(simulation::whole_run(file.replay_of(by_arrival(), no_digest)).summary.replay == "unchecked");
    const auto other_machine = [](result::Order& order) { order.values[0].second = "another"; };
    CHECK(simulation::whole_run(file.replay_of(by_arrival(), other_machine)).summary.replay ==
          "changed: instruction-set");
}

TEST_CASE("an order of ranks that are not there is refused before the run") {
    const OrderFile file;
    auto config = file.replay_of(by_arrival(), [](result::Order& order) { order.arrivals[2].worker = 3; });
    CHECK_THROWS_WITH(run::load_problem(config),
                      ContainsSubstring("a step of worker 3") && ContainsSubstring("workers below 3"));
    config = file.replay_of(by_arrival(), [](result::Order& order) { order.arrivals[2].taker = 4; });
    CHECK_THROWS_WITH(run::load_problem(config),
                      ContainsSubstring("rank 4") && ContainsSubstring("ranks below 4"));
}

TEST_CASE("an order without one of the keys that decide about messages is refused") {
    const OrderFile file;
    const auto config = file.replay_of(by_arrival(), [](result::Order& order) { order.shape.pop_back(); });
    CHECK_THROWS_WITH(run::load_problem(config), ContainsSubstring("an order with pull-every = nothing") &&
                                                     ContainsSubstring("allowed: pull-every = 1"));
}

TEST_CASE("an order of a run that did not end is refused") {
    const OrderFile file;
    const auto config = file.replay_of(by_arrival(), [](result::Order& order) { order.complete = false; });
    CHECK_THROWS_WITH(run::load_problem(config), ContainsSubstring("a run that did not come to its end"));
}

TEST_CASE("an order in which a worker does not wait for its reply is refused when it comes to that") {
    const OrderFile file;
    scenario::Config config = by_arrival();
    config.method = scenario::Method("bounded-staleness");
    config.staleness_bound = 1;
    config.servers = 2;
    config = file.replay_of(config, [](result::Order& order) {
        // The second server hears of worker 0 first, as if nothing bounded it.
        auto second = exchange::taken_by(4, order.arrivals);
        std::erase_if(order.arrivals, [](const auto& arrival) { return arrival.taker == 4; });
        std::ranges::stable_partition(second, [](const auto& arrival) { return arrival.worker == 0; });
        for (std::uint32_t version = 0; exchange::Arrival & arrival : second) {
            arrival.version_read = arrival.worker == 0 ? version : 0;
            arrival.version_applied = version++;
        }
        order.arrivals.insert(order.arrivals.end(), second.begin(), second.end());
        std::ranges::stable_sort(order.arrivals, {}, &exchange::Arrival::version_applied);
    });
    CHECK_THROWS_WITH(simulation::whole_run(config),
                      ContainsSubstring("--replay: rank 4 took step 2 of worker 0") &&
                          ContainsSubstring("still waits for a reply; record it again"));
}

}  // namespace test_replay
