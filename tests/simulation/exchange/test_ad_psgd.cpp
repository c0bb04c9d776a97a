// ad-psgd in time: who waits for whom, and that it comes to an end whatever the speeds.
#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "exchange/decentralised/ad_psgd.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exchange_run.hpp"

namespace test_ad_psgd {

using namespace lockstep;
using scenario::Config;
using support::Job;

namespace {

constexpr std::size_t n = 100;

Config ad_psgd(std::size_t workers) {
    Config config = support::star_of(workers);
    config.method = scenario::Method("ad-psgd");
    return config;
}

const Job job{
    .steps = 40, .start = std::vector<float>(n, 1), .gradient = support::integer_gradient, .step_flops = 5e6};

/// One worker's steps: how long each took, from the end of the one before, and its staleness.
struct Steps {
    std::vector<double> time_s;
    std::vector<double> staleness;
};

std::vector<Steps> steps_of_all(const Config& config) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        communicator.barrier();
        const double start_s = communicator.now_s();
        support::FakeTraining training(communicator.rank(), config, job);
        support::RecordingJournal journal(communicator);
        support::train(communicator, config, training, journal, job.start);
        std::vector<double> values;
        for (std::size_t k = 0; k < job.steps; ++k) {
            values.push_back(journal.own[k].time_s - (k == 0 ? start_s : journal.own[k - 1].time_s));
            values.push_back(
                static_cast<double>(journal.updates[k].version_applied - journal.updates[k].version_read));
        }
        return values;
    });
    std::vector<Steps> workers(ranks.size());
    for (std::size_t rank = 0; rank < ranks.size(); ++rank)
        for (std::size_t i = 0; i < ranks[rank].size(); i += 2) {
            workers[rank].time_s.push_back(ranks[rank][i]);
            workers[rank].staleness.push_back(ranks[rank][i + 1]);
        }
    return workers;
}

/// A passive worker's step is its gradient, the averages that it takes part in, and applying it: no waiting.
/// Only its last one ends when nobody will ask any more.
void check_never_waits(const Steps& passive, double speed) {
    for (std::size_t k = 0; k + 1 < job.steps; ++k) {
        const double work = job.step_flops + 2 * n * (1 + passive.staleness[k]);
        CHECK(passive.time_s[k] == Approx(work / speed).epsilon(1e-9));
    }
}

}  // namespace

TEST_CASE("a slow active worker delays nobody") {
    Config config = ad_psgd(6);
    config.speeds_flops = {0.5e9, 5e9, 5e9, 5e9, 5e9, 5e9};
    const auto workers = steps_of_all(config);
    for (const std::size_t passive : {1U, 3U, 5U}) check_never_waits(workers[passive], 5e9);
    const double most_s =
        (job.step_flops + 2 * n * 5) / 5e9 + 2 * simulation::message_s(config, n);  // its answer just missed
    for (const std::size_t active : {2U, 4U})
        for (const double step_s : workers[active].time_s) CHECK(step_s <= most_s * (1 + 1e-9));
    for (const double step_s : workers[0].time_s)
        CHECK(step_s == Approx((job.step_flops + 4 * n) / 0.5e9).epsilon(1e-9));
}

TEST_CASE("a slow passive worker delays those who ask it, in the steps in which they do") {
    Config config = ad_psgd(6);
    config.speeds_flops = {5e9, 5e9, 5e9, 0.5e9, 5e9, 5e9};
    const auto workers = steps_of_all(config);
    check_never_waits(workers[1], 5e9);
    check_never_waits(workers[3], 0.5e9);
    const double most_s = (job.step_flops + 2 * n * 5) / 5e9 + 2 * simulation::message_s(config, n);
    int delayed = 0;
    for (const std::size_t active : {0U, 2U, 4U})
        for (std::uint64_t step = 0; step < job.steps; ++step) {
            const double step_s = workers[active].time_s[step];
            if (exchange::ad_psgd_partner(config.seed, 6, active, step) == 3)
                delayed += step_s > 2 * most_s ? 1 : 0;
            else
                CHECK(step_s <= most_s * (1 + 1e-9));
        }
    CHECK(delayed > 20);
}

namespace {

/// Steps that take anything from nothing to 20 ms, each drawn for itself.
class Erratic : public support::FakeTraining {
  public:
    Erratic(std::size_t worker, const Config& config, const Job& few, std::uint32_t schedule)
        : FakeTraining(worker, config, few),
          draws_(schedule, base::Purpose::test, static_cast<std::uint32_t>(worker)) {}

    using FakeTraining::gradient;
    void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) override {
        const double size = draws_.uniform(-1, 5);
        backend::compute(size < 0 ? 0 : 1e3 * std::pow(10, size), [] {});
        FakeTraining::gradient(step, w, gradient);
    }

  private:
    base::RandomStream draws_;
};

constexpr std::uint32_t schedules = 1250;

/// What this rank ends with in each schedule. Nobody waits for the others between two of them, so that each
/// starts in disorder.
std::vector<double> final_values(comm::Communicator& communicator, Config config, const Job& few) {
    std::vector<double> ends;
    for (std::uint32_t schedule = 0; schedule < schedules; ++schedule) {
        config.seed = schedule;  // of the partners
        Erratic training(communicator.rank(), config, few, schedule);
        support::RecordingJournal journal(communicator);
        support::train(communicator, config, training, journal, few.start);
        ends.push_back(static_cast<double>(journal.own.back().values[0]));
    }
    return ends;
}

}  // namespace

/// A schedule is one run of the exchange: its partners drawn from a seed of its own, the duration of each
/// step of each worker drawn over five orders of magnitude around the time of a message. 8 x 1250 = 10 000 in
/// all.
TEST_CASE("ten thousand schedules end, and none loses anything of a gradient or a parameter") {
    const std::size_t workers = GENERATE(range<std::size_t>(2, 10));
    const Job few{.steps = 3, .start = {64}, .gradient = support::integer_gradient, .step_flops = 0};
    const auto ends = support::simulate_values(ad_psgd(workers), [&](comm::Communicator& communicator) {
        return final_values(communicator, ad_psgd(workers), few);
    });
    double expected = 64 * static_cast<double>(workers);
    for (std::size_t worker = 0; worker < workers; ++worker)
        for (std::uint64_t step = 0; step < few.steps; ++step)
            expected -= static_cast<double>(few.gradient(worker, step, 0, 0));
    int wrong = 0;
    for (std::uint32_t schedule = 0; schedule < schedules; ++schedule) {
        double sum = 0;
        for (const auto& rank : ends) sum += rank.at(schedule);
        wrong += sum == expected ? 0 : 1;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a row of ad-psgd's history holds as many steps of each worker on average, at one moment") {
    Config config = ad_psgd(3);
    config.train_samples = 303;  // 101 a worker: ten batches of ten, one of one
    config.test_samples = 100;
    config.batch = 10;
    config.epochs = 3;
    config.speeds_flops = {5e9, 5e9, 1e9};  // nobody waits for an active one
    const auto found = simulation::whole_run(config);
    REQUIRE(found.history.size() == 4);
    for (std::size_t epoch = 0; epoch < 4; ++epoch) CHECK(found.history[epoch].updates == epoch * 33);
    CHECK(found.history.back().samples == 909);
    CHECK(found.history.back().elapsed_s == found.summary.elapsed_s);
    // Two of three workers are done with their 66 steps when the slow one has done some of its own; by then
    // it has not yet made as many as the row is due after.
    CHECK(found.history[2].elapsed_s < 0.6 * found.summary.elapsed_s);
    CHECK(found.history[2].elapsed_s > found.history[1].elapsed_s);
    CHECK(found.summary.messages == found.summary.predicted_messages);
    CHECK(found.summary.test_accuracy > 0.2);
}

}  // namespace test_ad_psgd
