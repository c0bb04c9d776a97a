#include "run/checkpoint/dealt_anew.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/packing.hpp"
#include "run/checkpoint/kept_by_rank.hpp"
#include "run/checkpoint/rank_state.hpp"

namespace lockstep::run {
namespace {

std::vector<KeptByRank> kept_by_all(const result::Checkpoint& checkpoint) {
    std::vector<KeptByRank> all;
    for (const std::vector<std::byte>& packed : checkpoint.ranks)
        base::Unpacker(base::unpack<RankState>(packed).bytes).take(all.emplace_back());
    return all;
}

std::vector<float> values(const exchange::Memory& memory, std::string_view name) {
    const std::span<const std::byte> bytes = memory.find(name);
    std::vector<float> result(bytes.size() / sizeof(float));
    if (!bytes.empty()) std::memcpy(result.data(), bytes.data(), result.size() * sizeof(float));
    return result;
}

/// What all have, or servers in parts.
std::vector<float> parameters(std::span<const KeptByRank> workers, std::span<const KeptByRank> servers) {
    if (servers.empty()) {
        const exchange::Memory& memory = workers.front().memory;
        return values(memory, memory.find("w").empty() ? "v" : "w");
    }
    std::vector<float> v;
    for (const KeptByRank& server : servers) {
        const std::vector<float> part = values(server.memory, "v");
        v.insert(v.end(), part.begin(), part.end());
    }
    return v;
}

}  // namespace

result::Checkpoint dealt_anew(const result::Checkpoint& checkpoint, const scenario::Config& config,
                              const Problem& problem, const std::string& file) {
    if (scenario::records_order(config))
        throw base::InputError("--record", config.record, "nothing where other workers go on",
                               "an order is of one number of workers");
    const std::size_t servers = scenario::server_count(config);
    if (!scenario::others_may_go_on(config))
        throw base::InputError(
            fmt::format("--workers: {}", file), fmt::format("{}", config.workers),
            fmt::format("{}, as when it was made: with this --method {} each worker has a memory of its own",
                        checkpoint.ranks.size() - servers, config.method.name()),
            "go on with as many workers, or begin anew");
    const std::vector<KeptByRank> all = kept_by_all(checkpoint);
    const std::size_t workers_before = all.size() - servers;
    const auto workers = std::span(all).first(workers_before);
    KeptByRank kept;
    const auto rounds = static_cast<double>(problem.order.rounds_per_epoch());
    kept.beginning.step = std::min(static_cast<std::uint64_t>(std::llround(checkpoint.epochs * rounds)),
                                   problem.steps(config) - 1);
    kept.beginning.elapsed_s = checkpoint.elapsed_s;
    kept.beginning.v = parameters(workers, std::span(all).subspan(workers_before));
    const std::string& before = workers.front().beginning.before;
    kept.beginning.before = fmt::format("{}{}{} workers until epoch {:.2f}", before,
                                        before.empty() ? "" : ", ", workers_before, checkpoint.epochs);
    kept.passed = workers.front().passed;
    kept.beginning.energy = kept.passed.energy;
    kept.has_journal = false;
    if (servers == 0) {
        kept.memory = workers.front().memory;
        kept.memory.put("step", std::vector<std::byte>(sizeof(std::uint64_t)));  // counted from here
    }
    const RankState state{{checkpoint.elapsed_s, kept.beginning.step}, base::pack(kept)};
    result::Checkpoint dealt = checkpoint;
    dealt.ranks.assign(config.workers + servers, base::pack(state));
    dealt.together.clear();
    return dealt;
}

}  // namespace lockstep::run
