// allreduce --buckets: what overlaps is time, not arithmetic.
#include "tests/contract/comm/collective_reference.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"

namespace lockstep::contract {
namespace {

using scenario::Config;
using support::Job;

Config bucketed(const Communicator& communicator, std::size_t buckets) {
    Config config;
    config.method = scenario::Method("allreduce");
    config.workers = communicator.size();
    config.collective = scenario::Collective("ring");
    config.buckets = buckets;
    return config;
}

/// Values begin to end of v, trained by themselves: a ring's sum of each step's gradients, in its own order.
Vector ring_of_bucket(std::size_t workers, const Job& job, std::size_t begin, std::size_t end) {
    Vector v(job.start.begin() + static_cast<std::ptrdiff_t>(begin),
             job.start.begin() + static_cast<std::ptrdiff_t>(end));
    for (std::uint64_t step = 0; step < job.steps; ++step) {
        Vectors gradients(workers, v);
        for (std::size_t worker = 0; worker < workers; ++worker)
            for (std::size_t i = begin; i < end; ++i)
                gradients[worker][i - begin] = job.gradient(worker, step, i, v[i - begin]);
        const auto sum = ring_sum(gradients);
        const auto share = static_cast<float>(1.0 / static_cast<double>(workers));
        for (std::size_t i = 0; i < v.size(); ++i) v[i] -= workers == 1 ? sum[i] : share * sum[i];
    }
    return v;
}

const Job pulling{.steps = 4,
                  .start = {1, -2, 3.5F, 0, 7, 0.25F, -1, 2, 4, -6, 5},
                  .gradient = support::pulling_gradient,
                  .step_flops = 1e6};

/// One bucket is the ring over the whole vector.
void one_bucket_is_one_ring(Communicator& communicator, Findings& findings) {
    const auto whole = run_exchange(communicator, bucketed(communicator, 0), pulling);
    const auto bucket = run_exchange(communicator, bucketed(communicator, 1), pulling);
    findings.expect(same_bits(whole.final_v(), bucket.final_v()), "{} and {}", show(whole.final_v()),
                    show(bucket.final_v()));
}

/// Each bucket by itself: the run on that part of the vector alone. More buckets than values leave some
/// empty.
void buckets_are_rings_of_their_own(Communicator& communicator, Findings& findings) {
    for (const std::size_t buckets : {2U, 3U, 4U, 16U}) {
        const auto run = run_exchange(communicator, bucketed(communicator, buckets), pulling);
        for (std::size_t k = 0; k < buckets; ++k) {
            const std::size_t begin = k * pulling.start.size() / buckets;
            const std::size_t end = (k + 1) * pulling.start.size() / buckets;
            const Vector expected = ring_of_bucket(communicator.size(), pulling, begin, end);
            for (std::size_t i = begin; i < end; ++i)
                findings.expect(run.final_v()[i] == expected[i - begin],
                                "{} buckets, value {}: {} instead of {}", buckets, i, run.final_v()[i],
                                expected[i - begin]);
        }
    }
}

}  // namespace

std::vector<Case> bucket_cases() {
    return {{"allreduce: one bucket is one ring", one_bucket_is_one_ring},
            {"allreduce: buckets are rings of their own", buckets_are_rings_of_their_own}};
}

}  // namespace lockstep::contract
