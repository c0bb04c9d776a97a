#include "run/checkpoint/checkpoints.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/packing.hpp"
#include "base/process/program.hpp"
#include "base/temporary_file.hpp"
#include "base/units.hpp"
#include "model/products.hpp"
#include "result/checkpoint_folder.hpp"
#include "run/checkpoint/dealt_anew.hpp"
#include "run/checkpoint/rank_state.hpp"
#include "run/command.hpp"
#include "scenario/options/options.hpp"
#include "scenario/parse.hpp"

namespace lockstep::run {
namespace {

namespace fs = std::filesystem;

std::string this_version() {
    return fmt::format("{} ({})", base::version(), base::git_revision());
}

using Values = std::vector<std::pair<std::string, std::string>>;

/// Of all keys that are needed to make the same run, with the same output.
Values values_of(const scenario::Config& config, std::string_view world) {
    Values values;
    for (const std::string& argument : scenario::to_arguments(
             config, world == "real" ? scenario::World::real : scenario::World::simulated)) {
        const std::size_t end = argument.find('=');
        std::string key = argument.substr(2, end - 2);
        // Who goes on may have no terminal.
        if (key != "progress") values.emplace_back(std::move(key), argument.substr(end + 1));
    }
    return values;
}

/// What decides a run besides: what its files hold, machine code for the same processor.
Values facts_of(const scenario::Config& config, const Problem& problem) {
    Values facts{{"instruction set", std::string(base::instruction_set())},
                 {"products", model::products_library()},
                 {"data", data_trained_on(config, problem)}};
    std::vector<std::string> files = scenario::platform_files(config);
    files.push_back(config.hostfile);
    for (const scenario::SpeedProfile& profile : config.speed_profiles) files.push_back(profile.file);
    for (const std::string& file : files)
        if (!file.empty()) facts.emplace_back(file, base::digest_of_bytes(base::read_file(file)));
    return facts;
}

/// Whether another value makes another run.
bool decides(const scenario::Option& option) {
    constexpr std::array only_of_the_process{"threads", "data-cache", "paje"};
    return !scenario::decides_nothing(option.group) &&
           std::ranges::find(only_of_the_process, option.key) == only_of_the_process.end();
}

std::string value_in(const Values& values, std::string_view key, std::string_view otherwise) {
    const auto found = std::ranges::find(values, key, &Values::value_type::first);
    return found == values.end() ? std::string(otherwise) : found->second;
}

/// Of keys of the output those that say what is kept in memory from the beginning on.
std::string kept_from_the_beginning(const Values& values, std::string_view key) {
    const std::string value = value_in(values, key, "");
    return key == "record" && !value.empty() ? "a file" : value;
}

/// Whether it is the same but for the number of workers.
bool require_same_run(const scenario::Config& config, const Problem& problem, std::string_view world,
                      const result::FoundCheckpoint& found) {
    const auto require = [&](std::string_view what, std::string_view theirs, std::string_view ours) {
        if (theirs == ours) return;
        throw base::InputError(what, ours.empty() ? "nothing" : ours,
                               fmt::format("{}, with which {} was made", theirs.empty() ? "nothing" : theirs,
                                           found.file.string()),
                               "go on with that, or begin anew, in another folder of --checkpoint or without "
                               "the checkpoints in this one");
    };
    const result::Checkpoint& last = found.checkpoint;
    require("--checkpoint: lockstep", last.lockstep_version, this_version());
    require("--checkpoint: world", last.world, world);
    const std::size_t servers = scenario::server_count(config);
    if (last.ranks.size() <= servers)
        throw base::InputError(found.file.string(), fmt::format("{} ranks", last.ranks.size()),
                               fmt::format("more than the {} servers of the run", servers));
    const Values ours = values_of(config, world);
    bool has_other_workers = false;
    for (const scenario::Option& option : scenario::options()) {
        if (!decides(option)) continue;
        const std::string usual = scenario::default_text(option);
        const std::string our_value = value_in(ours, option.key, usual);
        const std::string their_value = value_in(last.options, option.key, usual);
        if (option.key == "workers")
            has_other_workers = our_value != their_value;
        else
            require(fmt::format("--{}", option.key), their_value, our_value);
    }
    for (const std::string_view key : {"events", "record"})
        require(fmt::format("--{}", key), kept_from_the_beginning(last.options, key),
                kept_from_the_beginning(ours, key));
    for (const auto& [what, fact] : facts_of(config, problem))
        require(fmt::format("--checkpoint: {}", what), value_in(last.facts, what, ""), fact);
    if (!has_other_workers && last.ranks.size() != scenario::rank_count(config))
        throw base::InputError(found.file.string(), fmt::format("{} ranks", last.ranks.size()),
                               fmt::format("{}, as the run has", scenario::rank_count(config)));
    return has_other_workers;
}

/// Of the first one: each rank keeps some vectors as long as the parameters, on a slow disk.
double guessed_cost_s(const scenario::Config& config, const Problem& problem) {
    constexpr double vectors = 4;
    constexpr double disk_Bps = 100e6;
    if (config.numerics == scenario::Numerics::none) return 0;
    return vectors * sizeof(float) * static_cast<double>(problem.parameters * scenario::rank_count(config)) /
           disk_Bps;
}

bool is_same_folder(const fs::path& one, const fs::path& other) {
    std::error_code ignored;
    return !other.empty() && fs::weakly_canonical(one, ignored) == fs::weakly_canonical(other, ignored);
}

}  // namespace

Checkpoints::Checkpoints(const scenario::Config& config, const Problem& problem, std::string_view program,
                         std::string_view world, std::function<double()> wall_clock_s)
    : config_(config),
      problem_(problem),
      program_(program),
      world_(world),
      wall_clock_s_(std::move(wall_clock_s)),
      folder_(config.checkpoint) {
    if (!is_same_folder(folder_, config.out)) lock_.emplace("--checkpoint", folder_);
    base::remove_leftovers(folder_);
    auto found = result::newest_checkpoint(folder_);
    made_s_ = wall_clock_s_();
    cost_s_ = guessed_cost_s(config, problem);
    facts_ = facts_of(config, problem);
    if (!found) return;
    const bool has_other_workers = require_same_run(config, problem, world_, *found);
    if (!found->passed_over.empty()) say("warning: " + found->passed_over);
    last_ = has_other_workers ? dealt_anew(found->checkpoint, config, problem, found->file.string())
                              : std::move(found->checkpoint);
    number_ = last_->number;
    epochs_ = last_->epochs;
    say(fmt::format("goes on from {}: {}, {}{}", found->file.string(), position(epochs_),
                    base::format_time(last_->elapsed_s),
                    has_other_workers ? fmt::format(", with {} workers from now on", config.workers) : ""));
}

void Checkpoints::say(std::string_view line) const {
    base::print_message(fmt::format("{}: {}", program_, line));
}

bool Checkpoints::is_worth_its_time() const {
    constexpr double most_of_the_time = 0.01;
    constexpr double least_s = 30;
    const double since_s = wall_clock_s_() - made_s_;
    return config_.checkpoint_every || (since_s >= least_s && cost_s_ <= most_of_the_time * since_s);
}

void Checkpoints::make(std::vector<std::vector<std::byte>> ranks, std::vector<std::byte> together,
                       bool goes_on) {
    try {
        write(std::move(ranks), std::move(together));
    } catch (const base::EnvironmentError& error) {
        if (!goes_on) throw;
        say(fmt::format("warning: {}; the run goes on", error.what()));
    }
    made_s_ = wall_clock_s_();
    cost_s_ = made_s_ - began_s_;
}

void Checkpoints::write(std::vector<std::vector<std::byte>> ranks, std::vector<std::byte> together) {
    result::Checkpoint checkpoint;
    checkpoint.lockstep_version = this_version();
    checkpoint.world = world_;
    checkpoint.options = values_of(config_, world_);
    checkpoint.facts = facts_;
    checkpoint.number = ++number_;
    checkpoint.written_utc = utc_now();
    const std::size_t decider = scenario::has_dedicated_server(config_) ? config_.workers : 0;
    const auto [elapsed_s, steps] = base::unpack<Stand>(ranks[decider]);
    checkpoint.elapsed_s = elapsed_s;
    epochs_ = static_cast<double>(steps) / static_cast<double>(problem_.order.rounds_per_epoch());
    checkpoint.epochs = epochs_;
    checkpoint.ranks = std::move(ranks);
    checkpoint.together = std::move(together);
    result::write_checkpoint(folder_, checkpoint);
}

void Checkpoints::close(const result::Result& result) const {
    if (result.summary.outcome == result::Outcome::stalled) return;
    if (result.summary.outcome != result::Outcome::interrupted) return result::remove_checkpoints(folder_);
    say(fmt::format("interrupted after {}; go on with: lockstep resume {}", position(epochs_),
                    config_.checkpoint));
}

std::string Checkpoints::position(double epochs) const {
    return fmt::format("{:.2f} of {} epochs", epochs, config_.epochs);
}

}  // namespace lockstep::run
