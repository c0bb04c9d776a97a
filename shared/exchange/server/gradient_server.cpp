// A server steps v by gradients which workers took at the v that they got last. It tells learning rates by
// counting each worker's steps, so nothing but gradients, or codes of them (gradient_code.hpp), and v
// travels.
//
// On workers 0, 1 and server S, rate 0.5, v0 = 10, in order of arrival:
//   0: g = 2 at v0 -> S: v1 = 10 - 0.5 * 2 = 9, S -> 0;   1: g = 4 at v0 -> S: v2 = 9 - 0.5 * 4 = 7
//   (staleness 1), S -> 1;   0: g = 2 at v1 -> S: v3 = 6 (staleness 1).
//
// No deadlock: see server_rank.cpp; a worker has one message under way and waits for its answer.
#include "exchange/server/gradient_server.hpp"

#include <string>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"

namespace lockstep::exchange {

void work_with_gradient_server(Participant& participant, const Serving& serving) {
    if (participant.training.steps() == 0) return;
    ServerLinks servers(participant, serving.servers);
    GradientEncoder encoder(*serving.code, participant);
    base::FloatBuffer v = travelling_copy(participant.start);
    base::FloatBuffer gradient = backend::make_buffer(v.size());
    std::uint64_t step = 0;
    bool is_finished = false;
    const Kept keeps_v(participant.leg, "v", v);
    const Kept keeps_step(participant.leg, "step", step);
    const Kept keeps_finished(participant.leg, "finished", is_finished);
    const Kept keeps_encoder(participant.leg, "owed", encoder);
    for (comm::Mark mark = servers.begin(is_finished); mark == comm::Mark::none; ++step) {
        participant.training.gradient(step, v, gradient);
        const float rate = participant.training.learning_rate(step);
        mark = servers.exchange(encoder.encode(step, gradient, rate), v);
        is_finished = mark == comm::Mark::last;
        participant.journal.own_parameters(step, v);
    }
}

void check_compressing(const Compressing& compressing, std::size_t servers, const Weighing& weighing) {
    if (compressing.compression->is_plain()) return;
    const std::string_view code = compressing.compression.name();
    if (servers > 1)
        throw base::InputError("--servers", std::to_string(servers),
                               fmt::format("1 with --compression {}", code),
                               "a code is of the whole gradient");
    if (compressing.compression->owes && weighing.weighs())
        throw base::InputError(
            "--compression", code, Compression::names_where([](const CompressionRow& row) {
                                       return !row.owes;
                                   }) + " with --step-size staleness-aware",
            "what is left out of a code is owed, and what a weight takes from it would not be");
}

GradientSteps::GradientSteps(Participant& participant, ServerRank& server, const Compressing& compressing,
                             const Weighing& weighing)
    : participant_(participant),
      server_(server),
      weighing_(weighing),
      optimiser_(participant.team.optimising.make(server.v().size())),
      keeps_optimiser_(participant.leg, "optimiser", *optimiser_),
      code_(compressing, participant) {
    if (code_.is_plain()) return;
    room_ = backend::make_buffer(server.v().size());
    sum_ = backend::make_buffer(server.v().size());
}

std::span<float> GradientSteps::gradient(std::size_t worker) {
    const std::span<float> words = server_.slot(worker).inbox;
    if (code_.is_plain()) return words;
    if (decoded_ != worker)
        backend::compute({code_.decode_flops(), backend::Kind::code}, [&] { code_.decode(words, room_); });
    decoded_ = worker;
    return room_;
}

void GradientSteps::by_one(std::size_t worker) {
    const float rate = participant_.training.learning_rate(server_.slot(worker).steps_done);
    const float weight = weighing_.weight(server_.staleness(worker));
    optimiser_->apply(server_.v(), gradient(worker), weight * code_.receiver_rate(rate));
    decoded_.reset();
    server_.contribute(worker);
    server_.changed();
}

void GradientSteps::by_mean(std::span<const std::size_t> workers, float rate) {
    const auto words = [&](std::size_t worker) { return server_.slot(worker).inbox.span(); };
    const auto weight = [&](std::size_t worker) { return weighing_.weight(server_.staleness(worker)); };
    const bool is_weighed = weighing_.weighs();
    const auto count = static_cast<double>(workers.size());
    const double passes = workers.size() > 1 || is_weighed ? count * (is_weighed ? 2 : 1) : 0;
    const std::span<float> sum = code_.is_plain() ? words(workers.front()) : sum_;
    const double flops = passes * static_cast<double>(sum.size()) + count * code_.decode_flops();
    const auto kind = code_.is_plain() ? backend::Kind::vector : backend::Kind::code;
    backend::compute({flops, kind}, [&] {
        code_.decode(words(workers.front()), sum);
        base::scale(sum, weight(workers.front()));
        for (const std::size_t worker : workers.subspan(1))
            base::add_scaled(sum, code_.decode(words(worker), room_), weight(worker));
        code_.combine(sum, workers.size());
    });
    optimiser_->apply(server_.v(), sum, code_.receiver_rate(rate));
    for (const std::size_t worker : workers) server_.contribute(worker);
}

}  // namespace lockstep::exchange
