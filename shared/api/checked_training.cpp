#include "api/checked_training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"

namespace lockstep {
namespace {

using base::InputError;

void check_team(const TrainRequest& request) {
    const std::string method(request.method.traits().name);
    const std::size_t servers = request.method.server_count();
    if (request.ranks <= servers)
        throw InputError(
            "communicator", fmt::format("{} rank{}", request.ranks, request.ranks == 1 ? "" : "s"),
            fmt::format("at least {} with {}, which has {} of its own and needs a worker", servers + 1,
                        method, servers == 1 ? "a server" : fmt::format("{} servers", servers)),
            "start more ranks");
}

void check_training(const exchange::LocalTraining& training) {
    if (training.steps() == 0) throw InputError("LocalTraining::steps", "0", "at least 1");
    if (training.steps_per_epoch() == 0)
        throw InputError("LocalTraining::steps_per_epoch", "0", "at least 1");
}

/// What a message can hold whose bytes are counted by a C int.
constexpr std::size_t most_values = std::numeric_limits<std::int32_t>::max() / sizeof(float);

void check_start(std::span<const float> start) {
    if (start.empty() || start.size() > most_values)
        throw InputError("start", fmt::format("{} values", start.size()),
                         fmt::format("from 1 to 2^29 - 1 = {}", most_values));
}

/// They follow each other, as codes take for granted.
void check_blocks(const TrainRequest& request) {
    std::size_t covered = 0;
    for (const base::Block& block : request.training.blocks()) {
        if (block.first != covered)
            throw InputError("LocalTraining::blocks", fmt::format("a block at {}", block.first),
                             fmt::format("one at {}, where the block before ends", covered));
        covered += block.size();
    }
    if (covered != request.start.size())
        throw InputError(
            "LocalTraining::blocks", fmt::format("blocks of {} values", covered),
            fmt::format("as many values as the start vector, which has {}", request.start.size()),
            "GradientTraining makes them of its first argument");
}

/// Rendering and reading back applies each option's own check.
void check_optimiser(const exchange::Optimising& optimising) {
    exchange::Optimising scratch;
    for (const auto& option : exchange::Optimising::options())
        option.kind.set(scratch, fmt::format("--{}", option.key), option.kind.get(optimising));
}

std::string optimiser_text(const exchange::Optimising& optimising) {
    std::string text;
    for (const auto& option : exchange::Optimising::options())
        text += fmt::format(" {}={}", option.key, option.kind.get(optimising));
    return text.substr(1);
}

std::string blocks_text(std::span<const base::Block> blocks) {
    std::string text;
    for (const base::Block& block : blocks)
        text += fmt::format("{} {} {}\n", block.first, block.rows, block.columns);
    return base::digest_of_bytes(text);
}

}  // namespace

void check(const TrainRequest& request) {
    check_start(request.start);
    request.method.check_ranges();  // how many servers there are may be among them
    check_team(request);
    check_training(request.training);
    check_blocks(request);
    check_optimiser(request.team.optimising);
    exchange::check(request.method, request.team);
}

std::vector<Equal> must_be_equal(const TrainRequest& request) {
    std::vector<Equal> all{{"the length of the start vector", fmt::to_string(request.start.size())},
                           {"the start vector (its digest)", base::digest(request.start)},
                           {"the number of workers", fmt::to_string(request.team.workers)},
                           {"the method", std::string(request.method.traits().name)}};
    for (const exchange::Setting& setting : request.method.settings())
        all.push_back({fmt::format("--{}", setting.key), setting.value});
    all.push_back({"LocalTraining::steps", fmt::to_string(request.training.steps())});
    all.push_back({"LocalTraining::steps_per_epoch", fmt::to_string(request.training.steps_per_epoch())});
    all.push_back({"LocalTraining::learning_rate(0)", fmt::to_string(request.training.learning_rate(0))});
    all.push_back({"LocalTraining::blocks (their digest)", blocks_text(request.training.blocks())});
    all.push_back({"the optimiser", optimiser_text(request.team.optimising)});
    all.push_back({"the seed", fmt::to_string(request.team.seed)});
    return all;
}

void check_equal(comm::Communicator& communicator, const std::vector<Equal>& values) {
    for (const Equal& mine : values) {  // as many on all ranks up to the first that differs
        std::string of_rank_0 = mine.value;
        communicator.broadcast_text(of_rank_0, 0);
        if (communicator.agree_on_maximum(of_rank_0 == mine.value ? 0 : 1) == 0) continue;
        if (of_rank_0 == mine.value) return;
        throw InputError(fmt::format("{} on rank {}", mine.what, communicator.rank()), mine.value,
                         fmt::format("{}, as on rank 0", of_rank_0), "all ranks must ask for the same");
    }
}

float CheckedTraining::learning_rate(std::uint64_t step) const {
    const float rate = training_.learning_rate(step);
    if (!std::isfinite(rate) || rate < 0)
        throw InputError(fmt::format("train: LocalTraining::learning_rate({})", step), fmt::to_string(rate),
                         "a finite number from 0 on");
    return rate;
}

void CheckedTraining::finish(std::uint64_t step, std::string_view what, std::span<const float> values) {
    ++steps_taken_;
    if (!checks_ || !backend::arithmetic_is_real()) return;
    const auto bad = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
    if (bad == values.end()) return;
    throw InputError(fmt::format("train: {} of step {}", what, step),
                     fmt::format("{} at index {}", *bad, bad - values.begin()), "finite numbers",
                     "try a lower learning rate, or look at the data");
}

void CheckedTraining::step(std::uint64_t step, std::span<float> w) {
    training_.step(step, w);
    finish(step, "parameters", w);
}

void CheckedTraining::gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) {
    training_.gradient(step, w, gradient);
    finish(step, "gradient", gradient);
}

void CheckedTraining::gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient,
                               exchange::GradientWatcher& watcher) {
    training_.gradient(step, w, gradient, watcher);
    finish(step, "gradient", gradient);
}

}  // namespace lockstep
