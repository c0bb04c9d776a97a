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

#include <memory>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/function_ref.hpp"
#include "base/vector_math.hpp"
#include "exchange/server/grants.hpp"
#include "exchange/server/server_links.hpp"
#include "exchange/server/server_rank.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

constexpr double approach_flops = 3;  // a value

/// a += share (b - a).
void approach(std::span<float> a, std::span<const float> b, float share) {
    backend::compute({approach_flops * static_cast<double>(a.size()), backend::Kind::update},
                     [&] { base::add_scaled_difference(a, b, a, share); });
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

/// Every rank's copy of v, and how it and the rank's x pull at each other.
class Springs {
  public:
    static constexpr double flops = approach_flops + 4;  ///< a value

    Springs(const Easgd& method, std::size_t workers, std::span<const float> start)
        : workers_(static_cast<float>(workers)),
          elasticity_(method.share(workers)),
          v_(travelling_copy(start)),
          sum_(backend::make_buffer(v_.size())) {}

    std::span<float> v() { return v_; }

    /// `add_up` makes of x the sum of all ranks'.
    void pull(std::span<float> x, base::FunctionRef<void(std::span<float> sum)> add_up) {
        copy_values(sum_, x);
        add_up(sum_);
        approach(x, v_, elasticity_);
        const double rest = (flops - approach_flops) * static_cast<double>(v_.size());
        backend::compute({rest, backend::Kind::update}, [&] {
            base::add_scaled(sum_, v_, -workers_);
            base::add_scaled(v_, sum_, elasticity_);
        });
    }

  private:
    float workers_;
    float elasticity_;
    base::FloatBuffer v_;
    base::FloatBuffer sum_;
};

/// What happens when all meet.
class Meeting {
  public:
    Meeting(Participant& participant, const Easgd& method)
        : group_(participant.group()),
          allreduce_(method.collective->allreduce),
          springs_(method, participant.workers(), participant.start),
          scratch_(backend::make_buffer(participant.start.size())) {}

    std::span<float> v() { return springs_.v(); }

    void operator()(std::span<float> x) {
        springs_.pull(x, [&](std::span<float> sum) {
            if (group_.size() > 1) allreduce_(group_, sum, scratch_);
        });
    }

  private:
    comm::Group group_;
    comm::Allreduce allreduce_;
    Springs springs_;
    base::FloatBuffer scratch_;
};

/// At either end of a message.
UpdateKernel elastic_step(float share, std::size_t values, double a_step) {
    const auto begin = [share](std::span<const float> start) -> UpdateKernel::Action {
        const auto v = std::make_shared<base::FloatBuffer>(travelling_copy(start));
        return [share, v](std::span<float> x) { approach(*v, x, share); };
    };
    return {"elastic step", a_step, approach_flops * static_cast<double>(values), begin};
}

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

std::vector<UpdateKernel> Easgd::worker_updates(const Optimising& optimising, const Work& work) const {
    auto kernels = Method::optimiser_updates(optimising, work);
    if (server == Server::dedicated) {
        kernels.push_back(elastic_step(share(work.workers), work.values, meetings_a_step(work)));
        return kernels;
    }
    const auto begin = [this, workers = work.workers](std::span<const float> start) -> UpdateKernel::Action {
        const auto springs = std::make_shared<Springs>(*this, workers, start);
        return [springs](std::span<float> x) { springs->pull(x, [](std::span<float> /*sum*/) {}); };
    };
    kernels.push_back({"elastic steps of all", meetings_a_step(work),
                       Springs::flops * static_cast<double>(work.values), begin});
    return kernels;
}

std::vector<UpdateKernel> Easgd::server_updates(const Optimising& /*optimising*/, const Work& work) const {
    const double a_step = static_cast<double>(work.workers) * meetings_a_step(work);
    return {elastic_step(share(work.workers), work.values, a_step)};
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
