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

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "exchange/averaging.hpp"
#include "exchange/collective.hpp"
#include "exchange/server/grants.hpp"
#include "exchange/server/server_links.hpp"
#include "exchange/server/server_rank.hpp"
#include "exchange/synchronous/local_sgd.hpp"

namespace lockstep::exchange {
namespace {

/// The share a.
float elasticity(const scenario::Config& config) {
    return static_cast<float>(config.elasticity.value_or(0.9 / static_cast<double>(config.workers)));
}

/// a += share (b - a).
void approach(std::span<float> a, std::span<const float> b, float share) {
    backend::compute(3 * static_cast<double>(a.size()), [&] { base::add_scaled_difference(a, b, a, share); });
}

std::uint64_t period(const Participant& participant) {
    return period_of(participant.config, participant.training.steps_per_epoch(),
                     participant.training.steps());
}

void serve_elastically(Participant& participant) {
    ServerRank server(participant, period(participant));
    server.serve(ServingOrder::arrival, [&](std::size_t worker) {
        ServerRank::Slot& slot = server.slot(worker);
        copy_values(slot.sent, server.v());
        approach(server.v(), slot.inbox, elasticity(participant.config));
        server.contribute(worker, slot.steps_left);
        server.changed();
        server.answer(worker, server.grant());
    });
}

void work_on_a_spring(Participant& participant) {
    const Grants grants(participant.training.steps(), participant.workers(), period(participant));
    ServerLinks servers(participant);
    base::FloatBuffer x = travelling_copy(participant.start);
    base::FloatBuffer v = backend::make_buffer(x.size());
    std::uint64_t left = grants.first(participant.rank());
    for (std::uint64_t step = 0; left > 0; ++step) {
        participant.training.step(step, x);
        if (--left == 0) {
            left = servers.exchange(x, v) ? 0 : grants.period();
            approach(x, v, elasticity(participant.config));
        }
        participant.journal.own_parameters(step, x);
    }
}

/// Every rank's copy of v, and what happens to it when all meet.
class Meeting {
  public:
    explicit Meeting(Participant& participant)
        : group_(participant.group()),
          allreduce_(choose(participant.config.collective).allreduce),
          elasticity_(elasticity(participant.config)),
          v_(travelling_copy(participant.start)),
          sum_(backend::make_buffer(v_.size())),
          scratch_(backend::make_buffer(v_.size())) {}

    std::span<const float> v() const { return v_; }

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

void meet_on_springs(Participant& participant) {
    const std::size_t rank = participant.rank();
    const std::uint64_t all = participant.training.steps();
    const std::uint64_t interval = period(participant);
    Meeting meet(participant);
    std::uint64_t applied = 0;  // steps
    base::FloatBuffer x = travelling_copy(participant.start);
    for (std::uint64_t step = 0; step < all; ++step) {
        participant.training.step(step, x);
        const bool meets = (step + 1) % interval == 0 || step + 1 == all;
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

void easgd(Participant& participant) {
    if (!scenario::has_dedicated_server(participant.config)) return meet_on_springs(participant);
    if (participant.is_server()) return serve_elastically(participant);
    work_on_a_spring(participant);
}

std::optional<comm::Traffic> easgd_traffic(const scenario::Config& config, const Work& work) {
    if (!scenario::has_dedicated_server(config)) return local_sgd_traffic(config, work);
    const Grants grants(work.steps, config.workers, period_of(config, work.steps_per_epoch, work.steps));
    return served_traffic(config, work, grants.replies(), grants.replies());
}

}  // namespace lockstep::exchange
