// Synchronous SGD that does not wait for its slowest: nothing stale is ever applied, at the price of work
// that is thrown away.
//
// On workers 0, 1, 2 and server S with b = 1, rate 1, v0 = 10; worker 2 is slow:
//   0: g = 2 -> S, 1: g = 4 -> S: two of three are there: v1 = 10 - 3 = 7, S -> 0, S -> 1
//   2: g = 9 at v0 -> S: old, dropped; S -> 2 with v1;   0 -> S, 2 -> S, both at v1: v2, S -> 0, S -> 2; ...
//
// No deadlock, besides server_rank.cpp: a worker without a reply has sent a gradient of the current v; fewer
// than c - b do so wait, hence others are under way, and each of these either completes the round or is
// answered at once. After the last round each late gradient still comes and is answered by a last reply.
// If up to b workers stop for good the others go on; one more, and they wait for ever (stalled).
#include "exchange/server/backup_workers.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {

std::vector<option::Option<BackupWorkersOptions>> BackupWorkersOptions::options() {
    return {{"backup", option::of(&BackupWorkersOptions::backup, option::whole(option::any_count)),
             "Workers that a round of backup-workers does without: the last ones' gradients are dropped."}};
}

void BackupWorkers::check(const Team& team) const {
    if (backup >= team.workers)
        throw base::InputError("--backup", std::to_string(backup),
                               fmt::format("at most {} with {} workers", team.workers - 1, team.workers),
                               "a round needs at least one gradient");
    if (compression->owes && backup > 0)
        throw base::InputError("--compression", compression.name(),
                               Compression::names_where([](const CompressionRow& row) { return !row.owes; }) +
                                   " with --backup above 0",
                               "what is left out of a code is owed, and a dropped code would not be");
}

void BackupWorkers::serve(Participant& participant) const {
    ServerRank server(participant, serving());
    GradientSteps step(participant, server, *this);
    const std::uint64_t rounds = participant.training.steps();
    const std::size_t wanted = participant.workers() - backup;
    std::vector<std::size_t> in_time;
    in_time.reserve(wanted);
    server.serve(ServingOrder::arrival, [&](std::size_t worker) {
        const auto answer = [&](std::size_t one) { server.reply(one, server.version() < rounds); };
        if (server.staleness(worker) > 0) {
            ++server.slot(worker).steps_done;
            return answer(worker);
        }
        in_time.push_back(worker);
        if (in_time.size() < wanted) return;
        std::ranges::sort(in_time);
        step.by_mean(in_time, participant.training.learning_rate(server.version()));
        server.changed(server.version() + 1);
        std::ranges::for_each(in_time, answer);
        in_time.clear();
    });
}

std::vector<UpdateKernel> BackupWorkers::server_updates(const Optimising& optimising,
                                                        const Work& work) const {
    return {optimising.kernel(work.values, 1)};
}

/// Every gradient is sent and answered, also those that are dropped.
std::optional<comm::Traffic> BackupWorkers::traffic(const Work& work) const {
    return served_traffic(serving(), work, work.steps_taken, work.steps_taken);
}

}  // namespace lockstep::exchange
