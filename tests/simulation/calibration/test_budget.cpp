// A calibration ends in time, whatever the network is like.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "calibration/fan_out.hpp"
#include "calibration/message_schedule.hpp"
#include "calibration/program.hpp"
#include "calibration/run_sizes.hpp"
#include "run/load_problem.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_child.hpp"

namespace test_budget {

using namespace lockstep;
using calibration::PricedSize;
using scenario::Config;

namespace {

Config slow_star(std::size_t workers, double bandwidth_Bps) {
    Config config = support::star_of(workers);
    config.method = scenario::Method("sync-average");
    config.hidden = {16};
    config.batch = 50;
    config.train_samples = 1000;
    config.test_samples = 100;
    config.speed_flops = 3e9;
    config.latency_s = 100e-6;
    config.bandwidth_Bps = bandwidth_Bps;
    return config;
}

double seconds_of_calibration(const Config& config, double budget_s,
                              calibration::Part part = calibration::Part::all) {
    const run::Problem problem = run::load_problem(config);
    const calibration::Request request{"slow", ".", std::size_t{16} << 20U, budget_s, part};
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        const double began_s = communicator.now_s();
        calibration::measure(communicator, config, problem, request);
        return std::vector{communicator.now_s() - began_s};
    })[0][0];
}

std::vector<PricedSize> priced(double bytes_per_s, const std::vector<std::size_t>& sizes) {
    std::vector<PricedSize> all;
    for (const std::size_t bytes : sizes)
        all.push_back({bytes, 1e-4 + static_cast<double>(bytes) / bytes_per_s, PricedSize::not_of_run});
    return all;
}

double total_s(const std::vector<PricedSize>& sizes, const std::vector<std::size_t>& repeats) {
    double total = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        if (repeats[i] > 0) total += static_cast<double>(repeats[i]) * sizes[i].sample_s;
    return total;
}

}  // namespace

TEST_CASE("a budget is kept to a message on links from slow to fast") {
    const auto workers = GENERATE(2, 4);
    const auto bandwidth_Bps = GENERATE(1.25e5, 5e6, 1.25e8);  // 1, 40, 1000 Mbit/s
    const auto budget_s = GENERATE(1.0, 3.0);
    const Config config = slow_star(static_cast<std::size_t>(workers), bandwidth_Bps);
    const double message_s =
        config.latency_s + 4 * static_cast<double>(run::load_problem(config).parameters) / bandwidth_Bps;
    CAPTURE(workers, bandwidth_Bps, budget_s);
    const double taken_s = seconds_of_calibration(config, budget_s);
    CHECK(taken_s < 1.02 * budget_s + message_s);
    CHECK(taken_s > 0.5 * budget_s);
}

TEST_CASE("a network alone keeps it, with messages to two hosts") {
    const auto bandwidth_Bps = GENERATE(1.25e5, 5e6, 1.25e8);
    const auto budget_s = GENERATE(1.0, 3.0);
    const Config config = slow_star(4, bandwidth_Bps);
    const double message_s =
        config.latency_s + 4 * static_cast<double>(run::load_problem(config).parameters) / bandwidth_Bps;
    CAPTURE(bandwidth_Bps, budget_s);
    const double taken_s = seconds_of_calibration(config, budget_s, calibration::Part::network);
    CHECK(taken_s < 1.02 * budget_s + message_s);
}

TEST_CASE("messages to two hosts take a tenth of the time, or a quarter where that is little") {
    CHECK(calibration::fan_outs_within(10, 1e-3) == 10);  // of 3 ms each
    CHECK(calibration::fan_outs_within(10, 0.1) == 3);
    CHECK(calibration::fan_outs_within(10, 0.3) == 2);
    CHECK(calibration::fan_outs_within(10, 0.5) == 0);
}

TEST_CASE("one rank sends to two on other hosts, that is, where there are three") {
    using Hosts = std::vector<std::string>;
    for (const Hosts& hosts : {Hosts{"a"}, Hosts{"a", "a", "a"}, Hosts{"a", "b"}, Hosts{"a", "b", "a", "b"}})
        CHECK_FALSE(calibration::ranks_of_fan_out(hosts));
    const auto check = [](const Hosts& hosts, std::size_t first, std::size_t second) {
        const auto ranks = calibration::ranks_of_fan_out(hosts);
        REQUIRE(ranks);
        CHECK(ranks->sender == hosts.size() - 1);
        CHECK(ranks->first == first);
        CHECK(ranks->second == second);
    };
    check({"a", "b", "c"}, 0, 1);
    check({"a", "a", "b", "b", "c", "c"}, 0, 2);
    check({"c", "a", "c", "a", "b", "c"}, 1, 4);
}

TEST_CASE("steps alone keep a budget too, whatever a swap of parameters would take") {
    const auto bandwidth_Bps = GENERATE(1.25e4, 1.25e5, 5e6, 1.25e8);  // 100 kbit/s to 1 Gbit/s
    Config config = slow_star(4, bandwidth_Bps);
    config.hidden = {64};
    CAPTURE(bandwidth_Bps);
    const double taken_s = seconds_of_calibration(config, 1, calibration::Part::steps);
    CHECK(taken_s < 1.4);  // a fifth for the first swap, twice as long as foreseen by smaller ones at most
    CHECK(taken_s > 0.5);
}

TEST_CASE("what tells most comes first, and all of it fits") {
    std::vector<PricedSize> sizes = priced(5e6, {1, 2, 4, 1024, 4096, 65536, 100000, 200000, 1U << 20U});
    sizes[7].worth = 0;
    sizes[6].worth = 1;
    const double of_run_s = sizes[6].sample_s + sizes[7].sample_s;
    SECTION("plenty") {
        const auto repeats = calibration::repeats_within(100, sizes);
        CHECK(total_s(sizes, repeats) <= 100);
        for (const std::size_t count : repeats) CHECK(count >= calibration::fewest_repeats);
    }
    SECTION("little: the run's sizes and the small ones") {
        const auto repeats = calibration::repeats_within(1.2 * of_run_s, sizes);
        CHECK(total_s(sizes, repeats) <= 1.2 * of_run_s);
        CHECK(repeats[7] == 1);
        CHECK(repeats[6] == 1);
        CHECK(repeats[0] >= calibration::fewest_repeats);
        CHECK(repeats[8] == 0);
    }
    SECTION("too little for any of the run's: the small ones are measured all the same") {
        const auto repeats = calibration::repeats_within(0.5 * sizes[6].sample_s, sizes);
        CHECK(repeats[7] == 0);
        CHECK(repeats[6] == 0);
        CHECK(repeats[0] >= calibration::fewest_repeats);
    }
}

TEST_CASE("each round of a schedule begins with the run's sizes, and is the same for a seed") {
    std::vector<PricedSize> sizes = priced(1e9, {1, 2, 4, 8});
    sizes[3].worth = 0;
    const std::vector<std::size_t> repeats{1, 2, 0, 2};
    const auto order = calibration::order_of(repeats, sizes, 7);
    REQUIRE(order.size() == 5);
    CHECK(order[0] == 3);
    CHECK(order[1] + order[2] == 1);
    CHECK(order[3] == 3);
    CHECK(order[4] == 1);
    CHECK(order == calibration::order_of(repeats, sizes, 7));
}

TEST_CASE("the sizes of a run are those that its closed forms know") {
    Config config = slow_star(4, 1e8);
    const std::size_t model = 4 * run::load_problem(config).parameters;
    const auto sizes = [&] { return calibration::sizes_of_run(config, run::load_problem(config)); };
    const auto nearly = [](std::size_t one, std::size_t other) {
        return std::abs(static_cast<double>(one) / static_cast<double>(other) - 1) < 0.001;
    };
    CHECK(sizes().usual == model);
    CHECK(std::ranges::count(sizes().all, model / 2 / 4 * 4) == 1);
    config.collective = "ring";
    CHECK(nearly(sizes().usual, model / 4));
    CHECK(sizes().all.back() == model);
    config.method = scenario::Method("allreduce");
    config.buckets = 2;
    CHECK(nearly(sizes().usual, model / 8));
    config.buckets = 0;
    config.collective = "rabenseifner";
    CHECK(nearly(sizes().usual, 3 * model / 8));  // halves and quarters
    config.collective = "library";
    CHECK(sizes().usual == model);
    config.method = scenario::Method("bounded-staleness");
    config.compression = "sign";
    CHECK(sizes().usual == model);  // v comes back as it is
    CHECK(std::ranges::any_of(sizes().all, [&](std::size_t bytes) { return bytes < model / 30; }));
}

}  // namespace test_budget
