// What data-parallel training usually means: gradients travel, parameters never do.
//
// On 3 workers, v = 6 on each, rate 0.5: the gradients at v are 2, 4, 6; the allreduce leaves 12 on each
// rank, the mean is 4, and each rank computes v = 6 - 0.5 * 4 = 4.
//
// What is sent of a gradient, and when, is the business of gradient_mean.cpp: all of it, a code
// (--compression), or parts of it while others are computed (--buckets).
//
// All ranks hold the same bits of v for ever, because all get the same mean and do the same with it. No
// deadlock: every rank calls the same collective in the same round. No staleness: every gradient is taken at
// the v that it enters; each round takes as long as its slowest worker.
#include "exchange/synchronous/allreduce.hpp"

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "exchange/synchronous/gradient_mean.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {

std::vector<option::Option<AllreduceOptions>> AllreduceOptions::options() {
    return {{"buckets", option::of(&AllreduceOptions::buckets, option::whole({0, 4096})),
             "Parts in which allreduce sends the last layers' gradients while earlier ones are being "
             "computed; 0: none, it sends when all is computed."}};
}

bool Allreduce::uses(std::string_view key) const {
    return key != "collective" || !compression->gathers_codes();
}

void Allreduce::check(const Team& /*team*/) const {
    if (buckets > 0 && !compression->is_plain())
        throw base::InputError("--compression", compression.name(), "none with --buckets above 0",
                               "codes are made of whole gradients");
    if (buckets > 0 && collective != "ring")
        throw base::InputError("--collective", collective.name(), "ring with --buckets above 0",
                               "buckets go around a ring while gradients are computed");
    if (!compression->is_plain() && !compression->gathers_codes() && !collective->is_pinned())
        throw base::InputError("--collective", collective.name(),
                               fmt::format("the others with --compression {}", compression.name()),
                               "the MPI library's own sends float32 values, in an order of its choice");
}

void Allreduce::train(Participant& participant) const {
    LocalTraining& training = participant.training;
    const std::size_t values = participant.start.size();
    const std::size_t rank = participant.rank();
    const auto mean = make_gradient_mean({*this, *this, buckets}, participant);
    const auto optimiser = participant.team.optimising.make(values);
    base::FloatBuffer v = travelling_copy(participant.start);
    base::FloatBuffer gradient = backend::make_buffer(values);
    std::uint64_t step = 0;
    const Kept keeps_step(participant.leg, "step", step);
    const Kept keeps_v(participant.leg, "v", v);
    const Kept keeps_optimiser(participant.leg, "optimiser", *optimiser);
    auto [owed, factors] = mean->memory();
    const Kept keeps_owed(participant.leg, "owed", owed);
    const Kept keeps_factors(participant.leg, "factors", factors);
    for (; participant.takes(step); ++step) {
        const std::span<const float> at = optimiser->look_ahead(v);
        if (GradientWatcher* const watcher = mean->watch(gradient))
            training.gradient(step, at, gradient, *watcher);
        else
            training.gradient(step, at, gradient);
        const float rate = mean->replace(step, gradient, training.learning_rate(step));
        optimiser->apply(v, gradient, rate);
        participant.journal.applied({rank, step, step, step});
        if (rank == 0) participant.journal.shared_parameters(step + 1, v);
        participant.journal.own_parameters(step, v);
    }
}

std::optional<comm::Traffic> Allreduce::traffic(const Work& work) const {
    return gradient_mean_traffic({*this, *this, buckets}, work);
}

std::vector<UpdateKernel> Allreduce::worker_updates(const Optimising& optimising, const Work& work) const {
    const bool divides = compression->mean == CompressionRow::Mean::of_sums;
    return with_mean({optimising.kernel(work.values, 1)}, divides ? work.workers : 1, work.values, 1);
}

/// Buckets, and codes that no sum carries, go around a ring, whatever the collective.
void Allreduce::for_each_pair(std::size_t workers, comm::PairVisitor visit) const {
    if (buckets > 0 || compression->gathers_codes()) return comm::pairs_of_ring({0, 1, workers}, visit);
    Summing::for_each_pair({0, 1, workers}, visit);
}

}  // namespace lockstep::exchange
