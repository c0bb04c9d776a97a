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

#include "exchange/averaging.hpp"
#include "exchange/synchronous/local_sgd.hpp"

namespace lockstep::exchange {
namespace {

/// When which level meets.
struct Levels {
    std::uint64_t steps;
    std::uint64_t within;
    std::uint64_t across;
    std::size_t groups;

    Levels(const scenario::Config& config, std::uint64_t steps_per_epoch, std::uint64_t all)
        : steps(all),
          within(config.group_period),
          across(period_of(config, steps_per_epoch, all)),
          groups(config.groups) {}

    /// A single group never does.
    bool meet_across(std::uint64_t done) const { return groups > 1 && (done % across == 0 || done == steps); }
    bool meet_within(std::uint64_t done) const {
        return done % within == 0 || done == steps || meet_across(done);
    }
};

}  // namespace

void hierarchical(Participant& participant) {
    const scenario::Config& config = participant.config;
    const Levels levels(config, participant.training.steps_per_epoch(), participant.training.steps());
    const std::size_t size = config.workers / config.groups;
    const std::size_t leader = participant.rank() / size * size;
    const std::size_t values = participant.start.size();
    const comm::Group group(participant.communicator, leader, 1, size);
    Averaging within(config, group, values);
    const bool leads = participant.rank() == leader;
    std::optional<Averaging> across;
    if (leads) across.emplace(config, comm::Group(participant.communicator, 0, size, config.groups), values);
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        if (levels.meet_within(steps)) within(w);
        if (config.groups == 1) return levels.meet_within(steps);
        if (!levels.meet_across(steps)) return false;
        if (leads) (*across)(w);
        comm::broadcast(group, w);
        return true;
    });
}

std::optional<comm::Traffic> hierarchical_traffic(const scenario::Config& config, const Work& work) {
    const Levels levels(config, work.steps_per_epoch, work.steps);
    const std::size_t size = config.workers / config.groups;
    std::uint64_t within = 0;
    std::uint64_t across = 0;
    for (std::uint64_t done = 1; done <= work.steps; ++done) {
        if (levels.meet_within(done)) ++within;
        if (levels.meet_across(done)) ++across;
    }
    auto traffic = averaging_traffic(config, size, within * config.groups, work.values);
    const auto leaders = averaging_traffic(config, config.groups, across, work.values);
    if (!traffic || !leaders) return std::nullopt;
    const std::uint64_t broadcasts = across * config.groups * (size - 1);
    traffic->messages += leaders->messages + broadcasts;
    traffic->bytes += leaders->bytes + broadcasts * 4 * work.values;
    return traffic;
}

}  // namespace lockstep::exchange
