#include "calibration/program.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/terminal.hpp"
#include "base/units.hpp"
#include "calibration/analysis.hpp"
#include "calibration/document.hpp"
#include "calibration/measure_messages.hpp"
#include "calibration/measure_work.hpp"
#include "calibration/run_sizes.hpp"
#include "comm/agreement.hpp"
#include "run/command.hpp"
#include "scenario/front_end.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::calibration {
namespace {

using base::InputError;

constexpr double share_of_messages = 0.55;  // of the time there is; they come first
constexpr double share_of_steps = 0.9;      // of what they leave; the rest is for vectors and the evaluation
constexpr double share_of_vectors = 0.03;   // each: copies, codes, updates
constexpr double least_left_s = 1e-3;

std::vector<std::string> hosts_of_ranks(comm::Communicator& communicator) {
    std::string all;
    const std::string mine = backend::describe().host;
    if (communicator.rank() != 0) {
        communicator.send_bytes(std::as_bytes(std::span(mine)), 0);
    } else {
        all = mine;
        for (std::size_t rank = 1; rank < communicator.size(); ++rank) {
            const std::vector<std::byte> host = communicator.receive_bytes(rank);
            all += '\n' + std::string(reinterpret_cast<const char*>(host.data()), host.size());
        }
    }
    communicator.broadcast_text(all, 0);
    std::vector<std::string> hosts;
    for (std::size_t begin = 0; begin <= all.size();) {
        const std::size_t end = std::min(all.find('\n', begin), all.size());
        hosts.push_back(all.substr(begin, end - begin));
        begin = end + 1;
    }
    return hosts;
}

/// Files under temporary names first, so that a full disk leaves earlier ones as they were. `xml` may be
/// empty: none.
void write(const Request& request, const std::string& json, const std::string& xml) {
    const std::filesystem::path folder(request.folder);
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        throw base::EnvironmentError(
            fmt::format("{}: cannot create the folder: {}", request.folder, problem.message()));
    std::optional<base::FileInPieces> platform;
    if (!xml.empty()) platform.emplace(folder / (request.name + ".xml"));
    base::FileInPieces document(folder / (request.name + ".json"));
    if (platform) platform->write(xml);
    document.write(json);
    if (platform) platform->complete();
    document.complete();
    if (platform) platform->commit();
    document.commit();
}

/// On rank 0, after the messages: what one of the model's size took the slowest pair; very long where there
/// was no time for it.
double time_of_model_s(const std::vector<PairSamples>& pairs, std::size_t model_bytes) {
    constexpr double very_long_s = 1e5;
    double longest_s = 0;
    for (const PairSamples& pair : pairs) {
        const auto size = std::ranges::find(pair.sizes, model_bytes, &SizeSamples::bytes);
        if (size == pair.sizes.end()) return very_long_s;
        longest_s = std::max(longest_s,
                             size->samples.empty() ? size->single_trip_s : size->samples.front().one_way_s);
    }
    return longest_s;
}

/// Rank 0's seconds, to the millisecond.
double told_by_first(comm::Communicator& communicator, double seconds) {
    constexpr double unit_s = 1e-3;
    const int units = communicator.rank() == 0 ? static_cast<int>(seconds / unit_s) : 0;
    return unit_s * communicator.agree_on_maximum(units);
}

MessagePlan plan_of_messages(const scenario::Config& config, const run::Problem& problem,
                             const Request& request, Progress* progress) {
    RunSizes sizes = sizes_of_run(config, problem);
    MessagePlan plan;
    plan.seed = config.seed;
    plan.largest_bytes = request.largest_bytes;
    plan.run_bytes.push_back(sizes.usual);
    std::erase(sizes.all, sizes.usual);
    plan.run_bytes.insert(plan.run_bytes.end(), sizes.all.rbegin(), sizes.all.rend());
    plan.budget_s = request.budget_s * (request.part == Part::network ? 1 : share_of_messages);
    plan.serves_all_sizes = request.part == Part::network;
    plan.progress = progress;
    return plan;
}

std::vector<RankWork> hosts_alone(std::vector<std::string> hosts) {
    std::vector<RankWork> work(hosts.size());
    for (std::size_t rank = 0; rank < hosts.size(); ++rank) work[rank].host = std::move(hosts[rank]);
    return work;
}

Part part_of(const scenario::Invocation& invocation) {
    const auto asks = [&](const char* key) {
        const std::string& value = invocation.extra.at(key);
        if (value != "yes" && value != "no")
            throw InputError(fmt::format("--{}", key), value, "no value, or yes or no",
                             "the word alone asks for it");
        return value == "yes";
    };
    const bool network = asks("network-only");
    const bool steps = asks("steps-only");
    if (network && steps)
        throw InputError("--network-only, --steps-only: at most one of them; leave both away to measure all");
    if (network && scenario::rank_count(invocation.config) < 2)
        throw InputError("--network-only", "one rank", "two or more", "give --workers");
    if (network) return Part::network;
    return steps ? Part::steps : Part::all;
}

}  // namespace

std::vector<scenario::ExtraOption> options() {
    return scenario::front_end_options(
        {"name", "folder", "largest-message", "budget", "network-only", "steps-only"});
}

Request read_request(const scenario::Invocation& invocation) {
    Request request{invocation.extra.at("name"), invocation.extra.at("folder"), 0, 0, part_of(invocation)};
    constexpr std::string_view allowed_letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    if (request.name.empty() || request.name.front() == '.' ||
        request.name.find_first_not_of(allowed_letters) != std::string::npos)
        throw InputError("--name", request.name, "a file name of letters, digits, _, - and .",
                         "without folder and ending: --name cluster");
    request.largest_bytes = static_cast<std::size_t>(
        option::parse_quantity("--largest-message", invocation.extra.at("largest-message"),
                               option::Quantity::size, {"1KiB", "1GB"}));
    request.budget_s = option::parse_quantity("--budget", invocation.extra.at("budget"),
                                              option::Quantity::time, {"1s", "1h"});
    base::require_writable_folder("--folder", request.folder);
    const scenario::Config& config = invocation.config;
    for (const std::string_view key : {"record", "replay", "failure", "out", "paje"}) {
        const scenario::Option& option = *scenario::find_option(key);
        if (const std::string value = option.kind.get(config); !value.empty())
            throw InputError(fmt::format("--{}", key), value, "nothing, in a calibration", "leave it out");
    }
    if (scenario::timing_only(invocation.config))
        throw InputError(scenario::is_phantom(invocation.config) ? "--model" : "--numerics",
                         scenario::is_phantom(invocation.config) ? invocation.config.model : "none",
                         "a model that is trained: steps are what is measured");
    return request;
}

Measurements measure(comm::Communicator& communicator, const scenario::Config& config,
                     const run::Problem& problem, const Request& request, Progress* progress) {
    const double end_s = communicator.now_s() + request.budget_s;
    Measurements measured;
    WorkPlan work;
    const std::vector<std::string> hosts = hosts_of_ranks(communicator);
    if (request.part != Part::steps) {
        const MessagePlan plan = plan_of_messages(config, problem, request, progress);
        MessageSamples messages = measure_messages(communicator, plan, hosts);
        measured.pairs = std::move(messages.pairs);
        measured.fan_out = std::move(messages.fan_out);
        work.exchange_s =
            told_by_first(communicator, time_of_model_s(measured.pairs, 4 * problem.parameters));
    }
    if (request.part == Part::network) {
        if (communicator.rank() == 0) measured.work = hosts_alone(hosts);
        return measured;
    }
    const double left_s = told_by_first(communicator, std::max(end_s - communicator.now_s(), least_left_s));
    work.step_budget_s = share_of_steps * left_s;
    work.vector_budget_s = std::min(work.vector_budget_s, share_of_vectors * left_s);
    work.progress = progress;
    measured.work = measure_work(communicator, config, problem, work);
    return measured;
}

void calibrate(comm::Communicator& communicator, const scenario::Config& config, const run::Problem& problem,
               const Request& request, Progress* progress) {
    backend::start_clock();
    const double began_s = communicator.now_s();
    Origin origin;
    origin.name = request.name;
    origin.measured_utc = run::utc_now();
    origin.world = backend::time_is_simulated() ? "simulated" : "real";
    origin.backend = backend::describe().name;
    const Measurements measured = measure(communicator, config, problem, request, progress);
    if (progress != nullptr) progress->finish();
    origin.duration_s = communicator.now_s() - began_s;
    comm::agreed(communicator, [&] {
        if (communicator.rank() != 0) return;
        const Findings found = find(measured, config, problem);
        const bool is_platform = request.part == Part::all;
        write(request, to_json(found, measured, config, origin),
              is_platform ? to_xml(found, measured, origin) : std::string());
        const std::string file = request.folder + '/' + request.name;
        base::print_to_stdout(
            to_text(found, origin) +
            base::in_lines(fmt::format("Written: {}.json{}", file,
                                       is_platform ? fmt::format(", {}.xml", file) : std::string())));
    });
}

}  // namespace lockstep::calibration
