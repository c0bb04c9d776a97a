// Workers are tied to the shared v by springs: they may explore on their own, v follows their mean.
//
// On workers 0, 1 and a server, a = 0.5, H = 1, v = 8, x = 8 8, each step subtracting 4:
//   0: x_0 = 4 -> S: S -> 0 with v = 8, v = 8 + 0.5 (4 - 8) = 6;  x_0 = 4 - 0.5 (4 - 8) = 6
//   1: x_1 = 4 -> S: S -> 1 with v = 6, v = 6 + 0.5 (4 - 6) = 5;  x_1 = 4 - 0.5 (4 - 6) = 5
// v + x_0 + x_1 is 16 after the steps and after each exchange.
// Without a server both meet: sum = 8, x = 6 6, v = 8 + 0.5 (8 - 2 * 8) = 4.
//
// No deadlock: with a server see server_rank.cpp; without, all workers meet after the same steps. A worker's
// version is that of the v that it was drawn to last, its own pull included; without a server nothing is
// stale.
#include "exchange/server/easgd.hpp"

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"
#include "exchange/server/grants.hpp"
#include "exchange/server/server_links.hpp"
#include "exchange/server/server_rank.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

/// a += share (b - a).
void approach(std::span<float> a, std::span<const float> b, float share) {
    backend::compute(3 * static_cast<double>(a.size()), [&] { base::add_scaled_difference(a, b, a, share); });
}

void serve_elastically(Participant& participant, const Easgd& method) {
    const float share = method.share(participant.workers());
    ServerRank server(participant,
                      {.servers = method.servers, .period = method.steps_between(participant.training)});
    server.serve(ServingOrder::arrival, [&](std::size_t worker) {
        ServerRank::Slot& slot = server.slot(worker);
        copy_values(slot.sent, server.v());
        approach(server.v(), slot.inbox, share);
        server.contribute(worker, slot.steps_left);
        server.changed();
        server.answer(worker, server.grant());
    });
}

void work_on_a_spring(Participant& participant, const Easgd& method) {
    const float share = method.share(participant.workers());
    const Grants grants(participant.training.steps(), participant.workers(),
                        method.steps_between(participant.training));
    ServerLinks servers(participant, method.servers);
    base::FloatBuffer x = travelling_copy(participant.start);
    base::FloatBuffer v = backend::make_buffer(x.size());
    std::uint64_t left = grants.first(participant.rank());
    std::uint64_t step = 0;
    const Kept keeps_x(participant.leg, "x", x);
    const Kept keeps_left(participant.leg, "left", left);
    const Kept keeps_step(participant.leg, "step", step);
    comm::Mark mark = servers.begin(left == 0);
    for (; mark == comm::Mark::none; ++step) {
        participant.training.step(step, x);
        if (--left == 0) {
            mark = servers.exchange(x, v);
            left = mark == comm::Mark::last ? 0 : grants.period();
            approach(x, v, share);
        }
        participant.journal.own_parameters(step, x);
    }
}

/// Every rank's copy of v, and what happens to it when all meet.
class Meeting {
  public:
    Meeting(Participant& participant, const Easgd& method)
        : group_(participant.group()),
          allreduce_(method.collective->allreduce),
          elasticity_(method.share(participant.workers())),
          v_(travelling_copy(participant.start)),
          sum_(backend::make_buffer(v_.size())),
          scratch_(backend::make_buffer(v_.size())) {}

    std::span<float> v() { return v_; }

    void operator()(std::span<float> x) {
        copy_values(sum_, x);
        if (group_.size() > 1) allreduce_(group_, sum_, scratch_);
        approach(x, v_, elasticity_);
        const auto workers = static_cast<float>(group_.size());
        backend::compute(4 * static_cast<double>(v_.size()), [&] {
            base::add_scaled(sum_, v_, -workers);
            base::add_scaled(v_, sum_, elasticity_);
        });
    }

  private:
    comm::Group group_;
    comm::Allreduce allreduce_;
    float elasticity_;
    base::FloatBuffer v_;
    base::FloatBuffer sum_;
    base::FloatBuffer scratch_;
};

void meet_on_springs(Participant& participant, const Easgd& method) {
    const std::size_t rank = participant.rank();
    Meeting meet(participant, method);
    std::uint64_t applied = 0;  // steps
    std::uint64_t step = 0;
    base::FloatBuffer x = travelling_copy(participant.start);
    const Kept keeps_applied(participant.leg, "applied", applied);
    const Kept keeps_step(participant.leg, "step", step);
    const Kept keeps_x(participant.leg, "x", x);
    std::span<float> v = meet.v();
    const Kept keeps_v(participant.leg, "v", v);
    for (; participant.takes(step); ++step) {
        participant.training.step(step, x);
        const bool meets = method.meets_after(step + 1, participant.training);
        if (meets) {
            meet(x);
            // What the workers did on their own enters v only now.
            for (; applied <= step; ++applied) participant.journal.applied({rank, applied, step, step});
            if (rank == 0) participant.journal.shared_parameters(step + 1, meet.v());
        }
        participant.journal.own_parameters(step, x);
    }
}

}  // namespace

std::vector<option::Option<EasgdOptions>> EasgdOptions::options() {
    return {{"elasticity", option::of(&EasgdOptions::elasticity, option::non_negative_real_or_none(1)),
             "Share alpha of their distance by which a worker of easgd and the shared parameters approach "
             "each other; none: 0.9 / workers."}};
}

float Easgd::share(std::size_t workers) const {
    return static_cast<float>(elasticity.value_or(0.9 / static_cast<double>(workers)));
}

bool Easgd::uses(std::string_view key) const {
    return key == "collective" ? server == Server::none : key != "servers" || server == Server::dedicated;
}

void Easgd::check(const Team& team) const {
    const double most = 2.0 / static_cast<double>(team.workers);
    if (server == Server::none && elasticity.value_or(0) > most)
        throw base::InputError("--elasticity", fmt::format("{}", *elasticity),
                               fmt::format("at most 2 / workers, which is {}, without a server", most),
                               "beyond it the shared parameters swing ever farther");
}

void Easgd::train(Participant& participant) const {
    if (server == Server::none) return meet_on_springs(participant, *this);
    if (participant.is_server()) return serve_elastically(participant, *this);
    work_on_a_spring(participant, *this);
}

std::optional<comm::Traffic> Easgd::traffic(const Work& work) const {
    if (server == Server::none) return Summing::traffic(work.workers, meetings(work), work.values);
    const Grants grants(work.steps, work.workers, period.in_steps(work.steps_per_epoch, work.steps));
    return served_traffic({.servers = servers}, work, grants.replies(), grants.replies());
}

void Easgd::for_each_pair(std::size_t workers, comm::PairVisitor visit) const {
    if (server == Server::none) return Summing::for_each_pair({0, 1, workers}, visit);
    Method::for_each_pair(workers, visit);
}

}  // namespace lockstep::exchange
