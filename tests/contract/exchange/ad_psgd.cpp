// ad-psgd: in whatever order requests are answered, each average is one of two workers at the same time. The
// order depends on time, so the checks start from what the workers report and hold for every order.
#include "exchange/decentralised/ad_psgd.hpp"

#include <algorithm>

#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using support::ExchangeRun;
using support::Job;

/// Integers, so that the few averages of a run are exact in float32.
const Job ad_psgd_job{
    .steps = 4, .start = {1, 2, 3, 4, 5}, .gradient = support::integer_gradient, .step_flops = 1e6};

Config ad_psgd(const Communicator& communicator) {
    Config config;
    config.method = scenario::Method("ad-psgd");
    config.workers = communicator.size();
    return config;
}

/// How a passive worker's x must have changed by an average, as its active worker saw it.
struct Average {
    std::size_t active;
    Vector before;
    Vector after;
};

/// The averages that an active worker took part in with `passive`, in order: its x after a step, plus the
/// gradient, is the mean of its x before and the answer.
std::vector<Average> averages_with(std::size_t passive, const Config& config, const ExchangeRun& run) {
    std::vector<Average> all;
    for (std::size_t active = 0; active < config.workers; active += 2)
        for (std::uint64_t step = 0; step < ad_psgd_job.steps; ++step) {
            if (exchange::ad_psgd_partner(config.seed, config.workers, active, step) != passive) continue;
            const Vector& mine = step == 0 ? ad_psgd_job.start : run.own[active][step - 1].values;
            Average average{active, Vector(mine.size()), Vector(mine.size())};
            for (std::size_t i = 0; i < mine.size(); ++i) {
                average.after[i] = run.own[active][step].values[i] + ad_psgd_job.gradient(active, step, i, 0);
                average.before[i] = 2 * average.after[i] - mine[i];
            }
            all.push_back(std::move(average));
        }
    return all;
}

/// Applies the next average of one of the active workers that fits x; false if there is none. Where several
/// fit, at the start, those that leave x as it is go first: the others lead away from it for good.
bool replay_one(std::vector<Average>& averages, Vector& x) {
    auto chosen = averages.end();
    for (auto one = averages.begin(); one != averages.end(); ++one) {
        const bool is_next = std::none_of(
            averages.begin(), one, [&](const Average& earlier) { return earlier.active == one->active; });
        if (!is_next || one->before != x) continue;
        if (chosen == averages.end() || one->after == x) chosen = one;
    }
    if (chosen == averages.end()) return false;
    x = chosen->after;
    averages.erase(chosen);
    return true;
}

/// A passive worker's whole run, from its own gradients and from what the active workers got: possible only
/// if no average was torn, lost or done twice, each of which would change the sum of x_i and x_j.
void replay(std::size_t passive, const Config& config, const ExchangeRun& run, Findings& findings) {
    std::vector<Average> averages = averages_with(passive, config, run);
    Vector x = ad_psgd_job.start;
    for (std::uint64_t step = 0; step < ad_psgd_job.steps; ++step) {
        const auto update = std::ranges::find_if(
            run.updates, [&](const auto& one) { return one.worker == passive && one.step == step; });
        if (update == run.updates.end()) return findings.expect(false, "no update {}", step);
        for (auto version = update->version_read; version < update->version_applied; ++version)
            findings.expect(replay_one(averages, x), "worker {}, step {}: no average fits {}", passive, step,
                            show(x));
        for (std::size_t i = 0; i < x.size(); ++i) x[i] -= ad_psgd_job.gradient(passive, step, i, 0);
        while (step + 1 == ad_psgd_job.steps && replay_one(averages, x)) {
        }
        findings.expect(same_bits(x, run.own[passive][step].values),
                        "worker {}, step {}: replayed {}, reported {}", passive, step, show(x),
                        show(run.own[passive][step].values));
    }
    findings.expect(averages.empty(), "worker {}: {} averages nobody knows of", passive, averages.size());
}

void every_average_is_one_of_two_workers(Communicator& communicator, Findings& findings) {
    const Config config = ad_psgd(communicator);
    const ExchangeRun run = run_exchange(communicator, config, ad_psgd_job);
    for (std::size_t passive = 1; passive < config.workers; passive += 2)
        replay(passive, config, run, findings);
}

void the_sum_changes_by_gradients_alone(Communicator& communicator, Findings& findings) {
    const Config config = ad_psgd(communicator);
    const ExchangeRun run = run_exchange(communicator, config, ad_psgd_job);
    const std::vector<double> gradients = sum_of_gradients(config.workers, ad_psgd_job);
    for (std::size_t i = 0; i < ad_psgd_job.start.size(); ++i) {
        double sum = 0;
        for (const auto& share : run.shares) sum += static_cast<double>(share.back().values[i]);
        const double expected =
            static_cast<double>(config.workers) * static_cast<double>(ad_psgd_job.start[i]) - gradients[i];
        findings.expect(sum == expected, "value {}: the sum is {} instead of {}", i, sum, expected);
    }
}

void everybody_takes_all_steps(Communicator& communicator, Findings& findings) {
    const Config config = ad_psgd(communicator);
    const ExchangeRun run = run_exchange(communicator, config, ad_psgd_job);
    findings.expect(run.steps_taken == ad_psgd_job.steps * config.workers, "{} steps", run.steps_taken);
    findings.expect(run.updates.size() == ad_psgd_job.steps * config.workers, "{} updates",
                    run.updates.size());
    for (const exchange::Update& update : run.updates) {
        const std::uint64_t staleness = update.version_applied - update.version_read;
        const bool is_active = update.worker % 2 == 0;
        const std::uint64_t most = config.workers == 1 ? 0 : is_active ? 1 : (config.workers + 1) / 2;
        findings.expect(
            update.version_read == update.step && staleness <= most && (!is_active || staleness == most),
            "worker {}, step {}: staleness {}", update.worker, update.step, staleness);
    }
    for (std::size_t worker = 0; worker < config.workers; ++worker)
        for (std::size_t step = 0; step < ad_psgd_job.steps; ++step)
            findings.expect(run.shares[worker].at(step).step == step + 1 &&
                                run.own[worker].at(step).step == step &&
                                same_bits(run.shares[worker][step].values, run.own[worker][step].values),
                            "worker {}: share {}", worker, step);
}

void one_worker_is_serial(Communicator& communicator, Findings& findings) {
    if (communicator.size() != 1) return;
    const ExchangeRun run = run_exchange(communicator, ad_psgd(communicator), ad_psgd_job);
    const auto expected = serial_reference(ad_psgd_job);
    for (std::size_t step = 0; step < ad_psgd_job.steps; ++step)
        findings.expect(same_bits(run.own[0][step].values, expected[step]), "step {}: {} instead of {}", step,
                        show(run.own[0][step].values), show(expected[step]));
}

void partners_are_passive_and_all_come_up(Communicator& communicator, Findings& findings) {
    const std::size_t workers = communicator.size();
    std::vector<std::size_t> drawn(workers);
    constexpr std::size_t draws = 1000;
    for (std::uint64_t step = 0; step < draws; ++step)
        ++drawn.at(exchange::ad_psgd_partner(3, workers, 0, step));
    const double expected = static_cast<double>(draws) / static_cast<double>(workers / 2);
    for (std::size_t worker = 0; worker < workers; ++worker) {
        const double share = static_cast<double>(drawn[worker]) / expected;
        findings.expect(worker % 2 == 0 ? share == 0 : share > 0.7 && share < 1.3, "{} drawn {} times",
                        worker, drawn[worker]);
    }
}

}  // namespace

std::vector<Case> ad_psgd_cases() {
    return {{"ad-psgd: every average is one of two workers", every_average_is_one_of_two_workers},
            {"ad-psgd: the sum changes by gradients alone", the_sum_changes_by_gradients_alone},
            {"ad-psgd: everybody takes all steps", everybody_takes_all_steps},
            {"ad-psgd: one worker is serial", one_worker_is_serial},
            {"ad-psgd: partners are passive and all come up", partners_are_passive_and_all_come_up, 2}};
}

}  // namespace lockstep::contract
