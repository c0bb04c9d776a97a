// Two levels of local SGD, for clusters joined by a slow link: only the groups' leaders use it, and seldom.
//
// On 4 workers in groups {0, 1} and {2, 3}, H1 = 1, H2 = 2, each step subtracting 1, 3, 5, 7:
//   start 20 20 | 20 20;  step 1: 19 17 | 15 13, within: 18 18 | 14 14
//   step 2: 17 15 | 9 7, within: 16 16 | 8 8; leaders 0 and 2: 12 and 12; broadcast: 12 12 | 12 12
// Groups are equal in size, so the mean of their means is the mean of all.
//
// No deadlock: all workers meet after the same steps, in the order group, leaders, group. No staleness, as in
// local_sgd.cpp.
#include "exchange/synchronous/hierarchical.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

/// When which level meets.
struct Levels {
    std::uint64_t steps;
    std::uint64_t within;
    std::uint64_t across;
    std::size_t groups;

    Levels(const Hierarchical& method, std::uint64_t steps_per_epoch, std::uint64_t all)
        : steps(all),
          within(method.group_period),
          across(method.period.in_steps(steps_per_epoch, all)),
          groups(method.groups) {}

    /// A single group never does.
    bool meet_across(std::uint64_t done) const { return groups > 1 && (done % across == 0 || done == steps); }
    bool meet_within(std::uint64_t done) const {
        return done % within == 0 || done == steps || meet_across(done);
    }

    struct Meetings {
        std::uint64_t within = 0;
        std::uint64_t across = 0;
    };
    Meetings meetings() const {
        Meetings all;
        for (std::uint64_t done = 1; done <= steps; ++done) {
            if (meet_within(done)) ++all.within;
            if (meet_across(done)) ++all.across;
        }
        return all;
    }
};

}  // namespace

std::vector<option::Option<HierarchicalOptions>> HierarchicalOptions::options() {
    return {{"groups", option::of(&HierarchicalOptions::groups, option::whole(option::from_one)),
             "Equal groups of neighbouring workers in hierarchical."},
            {"group-period", option::of(&HierarchicalOptions::group_period, option::whole(option::from_one)),
             "Steps between two averages within a group of hierarchical; --period is a multiple of it."}};
}

void Hierarchical::check(const Team& team) const {
    if (team.workers % groups != 0)
        throw base::InputError("--groups", std::to_string(groups),
                               fmt::format("a divisor of --workers, which is {}", team.workers));
    if (period.unit == Period::Unit::steps && period.steps % group_period != 0)
        throw base::InputError("--period", std::to_string(period.steps),
                               fmt::format("a multiple of --group-period, which is {}", group_period));
    if (!collective->is_pinned())
        throw base::InputError("--collective", collective.name(), "the others with --method hierarchical",
                               "the MPI library's own runs over all workers, not over groups");
}

void Hierarchical::train(Participant& participant) const {
    const Levels levels(*this, participant.training.steps_per_epoch(), participant.training.steps());
    const std::size_t size = participant.workers() / groups;
    const std::size_t leader = participant.rank() / size * size;
    const std::size_t values = participant.start.size();
    const comm::Group group(participant.communicator, leader, 1, size);
    Averaging within(*this, group, values);
    const bool leads = participant.rank() == leader;
    std::optional<Averaging> across;
    if (leads) across.emplace(*this, comm::Group(participant.communicator, 0, size, groups), values);
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        if (levels.meet_within(steps)) within(w);
        if (groups == 1) return levels.meet_within(steps);
        if (!levels.meet_across(steps)) return false;
        if (leads) (*across)(w);
        comm::broadcast(group, w);
        return true;
    });
}

std::vector<UpdateKernel> Hierarchical::worker_updates(const Optimising& optimising, const Work& work) const {
    const auto [within, across] = Levels(*this, work.steps_per_epoch, work.steps).meetings();
    const std::size_t size = work.workers / groups;
    const auto steps = static_cast<double>(work.steps);
    auto kernels = with_mean(Method::optimiser_updates(optimising, work), size, work.values,
                             static_cast<double>(within) / steps);
    return with_mean(std::move(kernels), groups, work.values,
                     static_cast<double>(across) / steps / static_cast<double>(size));
}

std::optional<comm::Traffic> Hierarchical::traffic(const Work& work) const {
    const Levels levels(*this, work.steps_per_epoch, work.steps);
    const std::size_t size = work.workers / groups;
    const auto [within, across] = levels.meetings();
    auto all = Summing::traffic(size, within * groups, work.values);
    const auto leaders = Summing::traffic(groups, across, work.values);
    if (!all || !leaders) return std::nullopt;
    const std::uint64_t broadcasts = across * groups * (size - 1);
    all->messages += leaders->messages + broadcasts;
    all->bytes += leaders->bytes + broadcasts * 4 * work.values;
    return all;
}

void Hierarchical::for_each_pair(std::size_t workers, comm::PairVisitor visit) const {
    const std::size_t size = workers / groups;
    for (std::size_t group = 0; group < groups; ++group) {
        const comm::Members members{group * size, 1, size};
        Summing::for_each_pair(members, visit);
        if (groups > 1) comm::pairs_of_tree(members, visit);  // the leader tells what all agreed on
    }
    Summing::for_each_pair({0, size, groups}, visit);
}

}  // namespace lockstep::exchange
