#include "exchange/method.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::exchange {
namespace {

/// Else the method's definition or identity would not hold.
bool admits(OptimiserUse use, const OptimiserRow& optimiser) {
    return !optimiser.has_momentum || use == OptimiserUse::any ||
           (use == OptimiserUse::momentum && !optimiser.looks_ahead);
}

void check_optimiser(const MethodTraits& method, const OptimiserRule& optimiser) {
    if (admits(method.optimisers, *optimiser)) return;
    const std::string allowed =
        OptimiserRule::names_where([&](const OptimiserRow& row) { return admits(method.optimisers, row); });
    throw base::InputError("--optimiser", optimiser.name(),
                           fmt::format("{} with --method {}", allowed, method.name),
                           "docs/algorithms.md says why; allreduce, for one, takes all");
}

}  // namespace

std::vector<UpdateKernel> Method::optimiser_updates(const Optimising& optimising, const Work& work) {
    if (!optimising.optimiser->has_momentum) return {};
    return {optimising.kernel(work.values, 1)};
}

void Method::for_each_pair(std::size_t workers, comm::PairVisitor visit) const {
    const std::size_t servers = server_count();
    for (std::size_t worker = 0; worker < workers; ++worker) {
        for (std::size_t server = 0; server < servers; ++server) visit(worker, workers + server);
        for (std::size_t other = 0; servers == 0 && other < worker; ++other) visit(other, worker);
    }
}

bool is_held_jointly(const Method& method) {
    const Holder holder = method.traits().holder;
    return method.server_count() > 1 ||
           (method.server_count() == 0 && (holder == Holder::by_meetings || holder == Holder::nobody));
}

bool holds_v(const Method& method, std::size_t workers, std::size_t rank) {
    if (rank >= workers || is_held_jointly(method)) return true;
    if (method.server_count() > 0) return false;
    return rank == (method.traits().holder == Holder::last_worker ? workers - 1 : 0);
}

bool meets(const Method& method) {
    const Holder holder = method.traits().holder;
    return method.server_count() == 0 && (holder == Holder::every_worker || holder == Holder::by_meetings);
}

std::string option_name(std::string_view key) {
    return fmt::format("--{}", key);
}

void check(const Method& method, const Team& team) {
    method.check_ranges();
    if (team.workers == 0)
        throw base::InputError("--workers", "0", "at least 1", "somebody has to take the steps");
    check_optimiser(method.traits(), team.optimising.optimiser);
    method.check(team);
}

}  // namespace lockstep::exchange
