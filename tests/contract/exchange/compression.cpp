// Gradients with --compression, by allreduce and to a server: its trajectory to the last bit, and what each
// code promises of it.
#include <cmath>

#include "scenario/config.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/server_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Collective;
using scenario::Compression;
using scenario::Config;
using scenario::OptimiserRule;
using support::ExchangeRun;
using support::Job;

const std::vector<float> thirty_values{3, -1, 4, -1, 5, -9, 2, -6, 5, -3, 5, -8, 9, -7, 9,
                                       3, -2, 3, -8, 4, -6, 2, 6,  4, -3, 3, 8,  3, -2, 7};

Job job_of(support::Gradient gradient, std::size_t columns = 5) {
    return {.steps = 6,
            .start = thirty_values,
            .gradient = gradient,
            .step_flops = 1e5,
            .columns = columns,
            .rate_decay = 0.5F};
}

Config compressed(const Communicator& communicator, Compression compression,
                  Collective collective = Collective("tree")) {
    Config config;
    config.method = scenario::Method("allreduce");
    config.workers = communicator.size();
    config.compression = compression;
    config.collective = collective;
    config.top_k = 0.2;
    config.levels = 3;
    config.momentum = 0.5;
    return config;
}

/// Every compression, with every collective that it may use.
std::vector<Config> all_compressions(const Communicator& communicator) {
    std::vector<Config> all;
    for (const Compression& choice : Compression::all()) {
        if (choice == Compression("none")) continue;
        const bool sums = choice == Compression("fp16") || choice == Compression("bf16") ||
                          choice == Compression("power-sgd");
        for (const Collective& collective : Collective::all())
            if (collective != Collective("library") && (sums || collective == Collective("tree")))
                all.push_back(compressed(communicator, choice, collective));
    }
    return all;
}

std::string name_of(const Config& config) {
    return fmt::format("{} {} {}", scenario::name(config.compression), scenario::name(config.collective),
                       scenario::name(config.optimiser));
}

/// v after each step, and on every worker, to the bit.
void expect_trajectory(const ExchangeRun& run, const std::vector<Vector>& expected, const std::string& what,
                       Findings& findings) {
    findings.expect(run.shared.size() == expected.size(), "{}: v reported {} times", what, run.shared.size());
    for (std::size_t step = 0; step < std::min(run.shared.size(), expected.size()); ++step) {
        findings.expect(same_bits(run.shared[step].values, expected[step]), "{}, step {}: {} instead of {}",
                        what, step, show(run.shared[step].values), show(expected[step]));
        for (std::size_t worker = 0; worker < run.own.size(); ++worker)
            findings.expect(same_bits(run.own[worker].at(step).values, expected[step]),
                            "{}, step {}: worker {} has {} instead of {}", what, step, worker,
                            show(run.own[worker][step].values), show(expected[step]));
    }
}

void runs_are_their_replay(Communicator& communicator, Findings& findings) {
    for (Config config : all_compressions(communicator)) {
        for (const OptimiserRule& optimiser :
             {OptimiserRule("sgd"), OptimiserRule("momentum"), OptimiserRule("nesterov")}) {
            config.optimiser = optimiser;
            const Job job = job_of(support::pulling_gradient);
            expect_trajectory(run_exchange(communicator, config, job), compressed_reference(config, job).v,
                              name_of(config), findings);
            if (config.collective != Collective("tree")) break;
        }
    }
}

/// x_t - mean m_t == x_0 - sum of eta mean g: nothing is lost, only late. Exact on small integers where 1/c
/// is a float32; with factors to rounding.
void what_is_not_sent_is_owed(Communicator& communicator, Findings& findings) {
    const std::size_t c = communicator.size();
    const auto workers = static_cast<double>(c);
    for (const Compression compression : {Compression("top-k"), Compression("power-sgd")}) {
        const Config config = compressed(communicator, compression);
        const bool exact = compression == Compression("top-k") && (c & (c - 1)) == 0;
        Job job = job_of([](std::size_t worker, std::uint64_t step, std::size_t i, float w) {
            return 16 * support::integer_gradient(worker, step, i, w);
        });
        const Compressed replay = compressed_reference(config, job);
        expect_trajectory(run_exchange(communicator, config, job), replay.v, name_of(config), findings);
        for (std::size_t i = 0; i < job.start.size(); ++i) {
            auto plain = static_cast<double>(job.start[i]);
            for (std::uint64_t step = 0; step < job.steps; ++step) {
                auto made_up = static_cast<double>(replay.v[step][i]);
                for (std::size_t worker = 0; worker < c; ++worker) {
                    made_up -= static_cast<double>(replay.owed[worker][step][i]) / workers;
                    plain -= static_cast<double>(job.rate(step) * job.gradient(worker, step, i, 0)) / workers;
                }
                findings.expect(std::abs(made_up - plain) <= (exact ? 0 : 1e-3),
                                "{}, step {}, value {}: {} instead of {}", name_of(config), step, i, made_up,
                                plain);
            }
        }
    }
}

/// The learning rates are powers of two, so that it does not matter on which side of the sum they are.
void all_of_the_values_are_plain_allreduce(Communicator& communicator, Findings& findings) {
    const Job job = job_of(support::integer_gradient);
    Config whole = compressed(communicator, Compression("top-k"));
    whole.top_k = 1;
    std::vector<Vector> expected;
    for (const auto& v :
         run_exchange(communicator, compressed(communicator, Compression("none")), job).shared)
        expected.push_back(v.values);
    expect_trajectory(run_exchange(communicator, whole, job), expected, "top-k of all", findings);
}

float some_gradient(std::size_t worker, std::uint64_t step, std::size_t i, float w) {
    return support::pulling_gradient(worker, step, i, w);
}
float rescaled_gradient(std::size_t worker, std::uint64_t step, std::size_t i, float w) {
    return (worker == 0 ? 1024.0F : 1.0F) * some_gradient(worker, step, i, w);
}
/// Positive on even workers, negative on odd ones.
float contested_gradient(std::size_t worker, std::uint64_t /*step*/, std::size_t i, float /*w*/) {
    return (worker % 2 == 0 ? 1.0F : -1.0F) * static_cast<float>(i + 1);
}

void majorities_count_heads(Communicator& communicator, Findings& findings) {
    const Config config = compressed(communicator, Compression("sign"));
    const auto v_of = [&](support::Gradient gradient) {
        return run_exchange(communicator, config, job_of(gradient)).final_v();
    };
    findings.expect(same_bits(v_of(some_gradient), v_of(rescaled_gradient)), "a louder worker counts more");
    Vector expected = thirty_values;  // a tie moves nothing, a majority of one moves by the learning rates
    if (communicator.size() % 2 == 1)
        for (float& value : expected) value -= 1 + 0.5F + 0.25F + 0.125F + 0.0625F + 0.03125F;
    const Vector v = v_of(contested_gradient);
    findings.expect(same_bits(v, expected), "{} instead of {}", show(v), show(expected));
}

/// A matrix of rank 1 for each worker, and others that cancel out between neighbours.
float low_rank_in_the_mean(std::size_t worker, std::uint64_t step, std::size_t i, float /*w*/) {
    const auto common = static_cast<float>((1 + i / 5) * (i % 5 + 2) * (step + 1)) / 8;
    const auto own = static_cast<float>((7 * i * i + 3 * (worker / 2) + step) % 23) / 4;
    return common + (worker % 2 == 0 ? own : -own);
}
float rank_one(std::size_t worker, std::uint64_t step, std::size_t i, float w) {
    return low_rank_in_the_mean(0, step, i, w) + low_rank_in_the_mean(1, step, i, w) +
           static_cast<float>(worker * (1 + i / 5) * (i % 5 + 2)) / 16;
}

void low_rank_is_plain_allreduce(Communicator& communicator, Findings& findings) {
    const bool paired = communicator.size() % 2 == 0;
    for (const support::Gradient gradient : {rank_one, paired ? low_rank_in_the_mean : rank_one}) {
        const Job job = job_of(gradient);
        const ExchangeRun plain =
            run_exchange(communicator, compressed(communicator, Compression("none")), job);
        const ExchangeRun factored =
            run_exchange(communicator, compressed(communicator, Compression("power-sgd")), job);
        findings.expect(factored.shared.size() == plain.shared.size(), "{} steps", factored.shared.size());
        for (std::size_t step = 0; step < plain.shared.size(); ++step)
            for (std::size_t i = 0; i < job.start.size(); ++i)
                findings.expect(
                    std::abs(plain.shared[step].values[i] - factored.shared[step].values[i]) <= 1e-3F,
                    "step {}, value {}: {} instead of {}", step, i, factored.shared[step].values[i],
                    plain.shared[step].values[i]);
    }
}

/// Sums up to 48 on 16 workers.
float small_gradient(std::size_t worker, std::uint64_t step, std::size_t i, float /*w*/) {
    return static_cast<float>((worker + 5 * step + 3 * i) % 7) - 3;
}

void what_16_bits_can_hold_is_exact(Communicator& communicator, Findings& findings) {
    const Job job = job_of(small_gradient);
    for (const Collective& collective : Collective::all()) {
        if (collective == Collective("library")) continue;
        std::vector<Vector> expected;
        for (const auto& v :
             run_exchange(communicator, compressed(communicator, Compression("none"), collective), job)
                 .shared)
            expected.push_back(v.values);
        for (const Compression half : {Compression("fp16"), Compression("bf16")}) {
            const Config config = compressed(communicator, half, collective);
            expect_trajectory(run_exchange(communicator, config, job), expected, name_of(config), findings);
        }
    }
}

/// One worker sends nothing, and is compressed all the same; vectors, of which power-sgd factors nothing,
/// aside.
void one_worker_is_compressed_too(Communicator& communicator, Findings& findings) {
    if (communicator.size() != 1) return;
    const Job job = job_of(support::pulling_gradient);
    const Vector plain =
        run_exchange(communicator, compressed(communicator, Compression("none")), job).final_v();
    for (const Config& config : all_compressions(communicator)) {
        const ExchangeRun run = run_exchange(communicator, config, job);
        findings.expect(!same_bits(run.final_v(), plain), "{}: not compressed", name_of(config));
        findings.expect(run.traffic.messages == 0, "{}: {} messages", name_of(config), run.traffic.messages);
    }
    const Config vectors = compressed(communicator, Compression("power-sgd"));
    const Job vector = job_of(support::integer_gradient, 0);
    findings.expect(
        same_bits(
            run_exchange(communicator, vectors, vector).final_v(),
            run_exchange(communicator, compressed(communicator, Compression("none")), vector).final_v()),
        "power-sgd changes vectors");
}

/// Methods with servers that take gradients, and the compressions that go with them.
std::vector<Config> all_served(const Communicator& communicator) {
    std::vector<Config> all;
    for (const Compression& choice : Compression::all()) {
        if (choice == Compression("none")) continue;
        Config config = compressed(communicator, choice);
        config.workers = communicator.size() - 1;
        const bool keeps_size =
            choice == Compression("qsgd") || choice == Compression("fp16") || choice == Compression("bf16");
        config.staleness_bound = 1;
        config.splitting = config.workers > 2 ? 2 : 1;
        config.compensation = 0.25;
        // What is dropped takes with it what its sender owed: then no replay of what has entered is enough.
        config.backup = keeps_size && config.workers > 1 ? 1 : 0;
        for (const scenario::Method method : {"bounded-staleness", "softsync", "backup-workers", "dc-asgd"}) {
            config.method = method;
            if (method != "dc-asgd" || keeps_size) all.push_back(config);
        }
    }
    return all;
}

void servers_runs_are_their_replay(Communicator& communicator, Findings& findings) {
    for (const Config& config : all_served(communicator)) {
        const std::string what =
            fmt::format("{} {}", scenario::name(config.method), scenario::name(config.compression));
        Job job = job_of(support::pulling_gradient);
        job.step_flops = 1e6;
        const ExchangeRun run = run_exchange(communicator, config, job);
        const std::vector<Vector> v = replay_compressed(config, job, run);
        findings.expect(same_bits(run.final_v(), v.back()), "{}: v ends as {} instead of {}", what,
                        show(run.final_v()), show(v.back()));
        for (const exchange::Update& update : run.updates) {
            if (update.step == 0) continue;
            const auto& own = run.own[update.worker][update.step - 1];
            findings.expect(same_bits(own.values, v.at(update.version_read)),
                            "{}: worker {}, step {}: went on from {} instead of {}", what, update.worker,
                            own.step, show(own.values), show(v[update.version_read]));
        }
    }
}

/// Unsplit softsync is synchronous, and gets from every worker what allreduce gets from it.
void softsync_is_allreduce(Communicator& communicator, Findings& findings) {
    const Job job = job_of(support::pulling_gradient);
    for (const Compression compression : {Compression("top-k"), Compression("qsgd"), Compression("sign")}) {
        Config config = compressed(communicator, compression);
        config.workers = communicator.size() - 1;
        config.method = scenario::Method("softsync");
        const ExchangeRun run = run_exchange(communicator, config, job);
        const auto expected = compressed_reference(config, job).v;
        findings.expect(run.shared.size() == expected.size(), "{} rounds", run.shared.size());
        for (std::size_t step = 0; step < run.shared.size(); ++step)
            findings.expect(same_bits(run.shared[step].values, expected[step]),
                            "{}, step {}: {} instead of {}", name_of(config), step,
                            show(run.shared[step].values), show(expected[step]));
    }
}

}  // namespace

std::vector<Case> compression_cases() {
    return {{"compression: runs are their replay", runs_are_their_replay},
            {"compression: what is not sent is owed", what_is_not_sent_is_owed},
            {"top-k: all of the values are plain allreduce", all_of_the_values_are_plain_allreduce},
            {"sign: majorities count heads", majorities_count_heads},
            {"power-sgd: low rank is plain allreduce", low_rank_is_plain_allreduce},
            {"fp16, bf16: what 16 bits can hold is exact", what_16_bits_can_hold_is_exact},
            {"compression: one worker is compressed too", one_worker_is_compressed_too},
            {"compression: runs with a server are their replay", servers_runs_are_their_replay, 2},
            {"compression: unsplit softsync is allreduce", softsync_is_allreduce, 2}};
}

}  // namespace lockstep::contract
