// v in parts on several servers, each of which sees the workers' messages in an order of its own.
#include <algorithm>

#include "exchange/server/server_parts.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/server_reference.hpp"

namespace lockstep::contract {
namespace {

using exchange::Arrival;
using scenario::Config;
using scenario::Method;
using support::ExchangeRun;
using support::Job;
using support::Ordered;

/// Of which every addition rounds.
Job pulling_job(double first_is_slow = 1) {
    return {.steps = 7,
            .start = {1, -2, 3.5F, 0, 7},
            .gradient = support::pulling_gradient,
            .step_flops = 1e6,
            .first_is_slow = first_is_slow};
}

/// bounded-staleness on every number of servers that leaves a worker and has a value for each.
std::vector<Config> on_every_number_of_servers(const Communicator& communicator,
                                               std::optional<std::size_t> bound) {
    std::vector<Config> all;
    for (std::size_t servers = 1; servers < std::min<std::size_t>(communicator.size(), 6); ++servers) {
        Config& config = all.emplace_back();
        config.method = Method("bounded-staleness");
        config.staleness_bound = bound;
        config.servers = servers;
        config.workers = communicator.size() - servers;
    }
    return all;
}

void parts_cover_everything_once(Communicator& /*communicator*/, Findings& findings) {
    for (const std::size_t values : {1U, 8U, 9U, 10U})
        for (std::size_t parts = 1; parts <= values; ++parts) {
            std::size_t next = 0;
            for (std::size_t i = 0; i < parts; ++i) {
                const exchange::Part part = exchange::part_of(values, parts, i);
                findings.expect(
                    part.first == next && part.size >= values / parts && part.size <= values / parts + 1,
                    "{} values in {}: part {} from {}, {} long", values, parts, i, part.first, part.size);
                next += part.size;
            }
            findings.expect(next == values, "{} values in {}: {} covered", values, parts, next);
        }
}

/// Whatever each server's order, every step enters every part once.
void several_servers_have_all_steps(Communicator& communicator, Findings& findings) {
    const Job integers{.steps = 6, .start = {1, 2, 3, 4, 5}, .gradient = support::integer_gradient};
    for (std::size_t servers = 1; servers <= 3 && servers < communicator.size(); ++servers) {
        for (const Method method : {Method("by-arrival"), Method("bounded-staleness"), Method("dc-asgd")}) {
            for (const std::size_t push_every : {1U, 2U}) {
                Config config;
                config.method = method;
                config.servers = servers;
                config.workers = communicator.size() - servers;
                config.push_every = method == Method("by-arrival") ? push_every : 1;
                config.pull_every = 2 * config.push_every;
                config.compensation = 0;
                const ExchangeRun run = run_exchange(communicator, config, integers);
                const Vector v = final_v(config, run);
                const auto expected = start_minus_applied(integers, run);
                findings.expect(run.updates.size() == integers.steps * config.workers,
                                "{} servers: {} updates", servers, run.updates.size());
                for (std::size_t i = 0; i < expected.size(); ++i)
                    findings.expect(v.size() == expected.size() && static_cast<double>(v[i]) == expected[i],
                                    "{} servers, {}: {} instead of {} at {}", servers, method.name(), show(v),
                                    expected[i], i);
                for (std::size_t rank = config.workers; servers > 1 && rank < run.shares.size(); ++rank)
                    findings.expect(!run.shares[rank].empty() &&
                                        run.shares[rank].back().step == integers.steps &&
                                        (config.push_every > 1 || run.shares[rank].size() == integers.steps),
                                    "rank {}: {} shares", rank, run.shares[rank].size());
            }
        }
    }
}

/// One worker sees the same values on any number of servers.
void one_worker_is_serial_on_several_servers(Communicator& communicator, Findings& findings) {
    if (communicator.size() < 2 || communicator.size() > 5) return;
    Config config;
    config.workers = 1;
    config.servers = communicator.size() - 1;
    for (const Method method : {Method("by-arrival"), Method("bounded-staleness"), Method("dc-asgd")}) {
        config.method = method;
        const Job job = pulling_job();
        const ExchangeRun run = run_exchange(communicator, config, job);
        const auto expected =
            method == Method("by-arrival") ? serial_reference(job) : mean_reference(config, job);
        findings.expect(same_bits(final_v(config, run), expected.back()), "{}: {} instead of {}",
                        method.name(), show(final_v(config, run)), show(expected.back()));
        for (std::size_t step = 0; step < expected.size(); ++step)
            findings.expect(same_bits(run.own[0][step].values, expected[step]), "{}, step {}: {}",
                            method.name(), step, show(run.own[0][step].values));
    }
}

/// v after each round: the sum of its gradients, all taken at the v before, entered in the order of workers.
std::vector<Vector> sum_reference(std::size_t workers, const Job& job) {
    std::vector<Vector> v{job.start};
    for (std::uint64_t round = 0; round < job.steps; ++round) {
        Vector next = v.back();
        for (std::size_t worker = 0; worker < workers; ++worker)
            for (std::size_t i = 0; i < next.size(); ++i)
                next[i] -= job.gradient(worker, round, i, v.back()[i]);
        v.push_back(next);
    }
    return v;
}

/// To the bit, whoever is slow, although every addition rounds.
void with_bound_0_it_is_the_synchronous_sum(Communicator& communicator, Findings& findings) {
    for (const Config& config : on_every_number_of_servers(communicator, 0))
        for (const double first_is_slow : {1.0, 6.0, 0.1}) {
            const Job job = pulling_job(first_is_slow);
            const ExchangeRun run = run_exchange(communicator, config, job);
            const std::vector<Vector> v = sum_reference(config.workers, job);
            findings.expect(same_bits(final_v(config, run), v.back()), "{} servers: {} instead of {}",
                            config.servers, show(final_v(config, run)), show(v.back()));
            for (std::size_t worker = 0; worker < config.workers; ++worker)
                for (std::size_t round = 0; round < job.steps; ++round)
                    findings.expect(run.own[worker].size() == job.steps &&
                                        same_bits(run.own[worker][round].values, v[round + 1]),
                                    "{} servers: worker {} does not go on from v of round {}", config.servers,
                                    worker, round);
            for (const exchange::Update& update : run.updates)
                findings.expect(update.version_applied == update.step * config.workers + update.worker,
                                "{} servers: worker {}, step {} was applied to version {}", config.servers,
                                update.worker, update.step, update.version_applied);
        }
}

/// A step number k starts from parts that hold all steps up to k - s - 1.
void expect_bound_held(const Config& config, const std::vector<Arrival>& taken, Findings& findings) {
    for (const Arrival& reader : taken)
        for (const Arrival& other : taken)
            findings.expect(other.step + config.staleness_bound.value_or(taken.size()) >= reader.step ||
                                other.version_applied < reader.version_read,
                            "{} servers, bound {}: on rank {}, step {} of worker {} misses step {} of {}",
                            config.servers, *config.staleness_bound, reader.taker, reader.step, reader.worker,
                            other.step, other.worker);
}

/// One server's part at each of its versions.
std::vector<Vector> replay_part(const Job& job, const exchange::Part& part,
                                const std::vector<Arrival>& taken) {
    const auto first = job.start.begin() + static_cast<std::ptrdiff_t>(part.first);
    std::vector<Vector> v{Vector(first, first + static_cast<std::ptrdiff_t>(part.size))};
    for (const Arrival& arrival : taken) {
        Vector next = v.back();
        for (std::size_t i = 0; i < next.size(); ++i)
            next[i] -=
                job.gradient(arrival.worker, arrival.step, part.first + i, v.at(arrival.version_read)[i]);
        v.push_back(next);
    }
    return v;
}

/// What a worker started each step from is the part of the version that the order says, and its end is v's.
void expect_values(const Config& config, const Job& job, const ExchangeRun& run, std::size_t server,
                   const std::vector<Arrival>& taken, Findings& findings) {
    const exchange::Part part = exchange::part_of(job.start.size(), config.servers, server);
    const std::vector<Vector> v = replay_part(job, part, taken);
    const auto part_of_vector = [&](const Vector& vector) {
        const auto first = vector.begin() + static_cast<std::ptrdiff_t>(part.first);
        return Vector(first, first + static_cast<std::ptrdiff_t>(part.size));
    };
    for (const Arrival& arrival : taken)
        findings.expect(
            arrival.step == 0 || same_bits(part_of_vector(run.own[arrival.worker][arrival.step - 1].values),
                                           v[arrival.version_read]),
            "server {}: step {} of worker {} did not start from version {}", server, arrival.step,
            arrival.worker, arrival.version_read);
    findings.expect(same_bits(part_of_vector(final_v(config, run)), v.back()), "server {}: {} instead of {}",
                    server, show(part_of_vector(final_v(config, run))), show(v.back()));
}

void no_part_misses_a_step_older_than_the_bound(Communicator& communicator, Findings& findings) {
    for (const std::optional<std::size_t> bound :
         {std::optional<std::size_t>(0), std::optional<std::size_t>(1), std::optional<std::size_t>(2),
          std::optional<std::size_t>()})
        for (const Config& config : on_every_number_of_servers(communicator, bound))
            for (const double first_is_slow : {1.0, 6.0, 0.1}) {
                const Job job = pulling_job(first_is_slow);
                const Ordered ordered = run_in_order(communicator, config, job, {});
                for (std::size_t server = 0; server < config.servers; ++server) {
                    const auto taken = exchange::taken_by(config.workers + server, ordered.arrivals);
                    findings.expect(taken.size() == job.steps * config.workers, "server {}: {} messages",
                                    server, taken.size());
                    if (bound) expect_bound_held(config, taken, findings);
                    expect_values(config, job, ordered.run, server, taken, findings);
                }
            }
}

}  // namespace

std::vector<Case> several_server_cases() {
    return {{"parts cover everything once", parts_cover_everything_once},
            {"several servers have all steps", several_servers_have_all_steps, 2},
            {"one worker is serial on several servers", one_worker_is_serial_on_several_servers, 2},
            {"bounded-staleness: with bound 0 it is the synchronous sum, on any number of servers",
             with_bound_0_it_is_the_synchronous_sum, 2},
            {"bounded-staleness: no part misses a step older than the bound",
             no_part_misses_a_step_older_than_the_bound, 2}};
}

}  // namespace lockstep::contract
