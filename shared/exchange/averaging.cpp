#include "exchange/averaging.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

std::unique_ptr<comm::HalfWire> make_wire(comm::WireFormat format, std::size_t values) {
    if (format == comm::WireFormat::float32) return nullptr;
    return std::make_unique<comm::HalfWire>(format, values);
}

/// An operation a value.
void divide_sum(std::span<float> sum, std::size_t ranks) {
    const auto share = static_cast<float>(1.0 / static_cast<double>(ranks));
    backend::compute({static_cast<double>(sum.size()), backend::Kind::update},
                     [&] { base::scale(sum, share); });
}

}  // namespace

std::vector<option::Option<Summing>> Summing::options() {
    return {
        {"collective", option::choice(&Summing::collective),
         "Algorithm of sums and averages over workers. All but library (the MPI library's own) add in a "
         "fixed order.",
         "(allreduce with --compression top-k, qsgd or sign sends codes around a ring; easgd sums without "
         "a server)"}};
}

std::optional<comm::Traffic> Summing::traffic(std::size_t workers, std::uint64_t times, std::size_t values,
                                              comm::WireFormat format) const {
    if (workers == 1) return comm::Traffic{};
    if (!collective->is_pinned()) return std::nullopt;
    const auto one = collective->cost(workers, values, {.halves = format != comm::WireFormat::float32});
    return comm::Traffic{times * one.messages, times * one.bytes};
}

Averaging::Averaging(const Summing& summing, const comm::Group& group, std::size_t values,
                     comm::WireFormat format)
    : wire_(make_wire(format, values)),
      group_(wire_ != nullptr ? group.over(*wire_) : group),
      allreduce_(summing.collective->allreduce),
      scratch_(backend::make_buffer(group.size() == 1 ? 0 : values)) {}

void Averaging::operator()(std::span<float> vector) {
    if (group_.size() > 1) allreduce_(group_, vector, scratch_);
    if (wire_ != nullptr) wire_->round(vector);
    divide(vector);
}

void Averaging::divide(std::span<float> vector) const {
    if (group_.size() > 1) divide_sum(vector, group_.size());
}

std::vector<UpdateKernel> with_mean(std::vector<UpdateKernel> kernels, std::size_t ranks, std::size_t values,
                                    double a_step) {
    if (ranks == 1) return kernels;
    const auto begin = [ranks](std::span<const float> /*start*/) -> UpdateKernel::Action {
        return [ranks](std::span<float> sum) { divide_sum(sum, ranks); };
    };
    kernels.push_back({"mean", a_step, static_cast<double>(values), begin});
    return kernels;
}

void step_and_combine(Participant& participant,
                      base::FunctionRef<bool(std::uint64_t steps, std::span<float> w)> combine) {
    const std::size_t rank = participant.rank();
    base::FloatBuffer w = travelling_copy(participant.start);
    std::uint64_t step = 0;
    const Kept keeps_w(participant.leg, "w", w);
    const Kept keeps_step(participant.leg, "step", step);
    for (; participant.takes(step); ++step) {
        participant.training.step(step, w);
        const bool equal = combine(step + 1, w);
        participant.journal.applied({rank, step, step, step});
        if (!equal) participant.journal.worker_share(step + 1, w);
        if (equal && rank == 0) participant.journal.shared_parameters(step + 1, w);
        participant.journal.own_parameters(step, w);
    }
}

}  // namespace lockstep::exchange
