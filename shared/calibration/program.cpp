#include "calibration/program.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/units.hpp"
#include "calibration/analysis.hpp"
#include "calibration/document.hpp"
#include "comm/agreement.hpp"
#include "run/command.hpp"
#include "scenario/front_end.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::calibration {
namespace {

using base::InputError;

constexpr double share_of_steps = 0.4;     // of the time there is
constexpr double share_of_messages = 0.3;  // all pairs together
constexpr std::size_t most_pairs = 6;

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

/// Both files under temporary names first, so that a full disk leaves an earlier pair as it was.
void write(const Request& request, const std::string& json, const std::string& xml) {
    const std::filesystem::path folder(request.folder);
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        throw base::EnvironmentError(
            fmt::format("{}: cannot create the folder: {}", request.folder, problem.message()));
    base::FileInPieces platform(folder / (request.name + ".xml"));
    base::FileInPieces document(folder / (request.name + ".json"));
    platform.write(xml);
    document.write(json);
    platform.complete();
    document.complete();
    platform.commit();
    document.commit();
}

}  // namespace

std::vector<scenario::ExtraOption> options() {
    return scenario::front_end_options({"name", "folder", "largest-message", "budget"});
}

Request read_request(const scenario::Invocation& invocation) {
    Request request{invocation.extra.at("name"), invocation.extra.at("folder"), 0, 0};
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
    Measurements measured;
    WorkPlan work;
    work.step_budget_s = share_of_steps * request.budget_s;
    work.later_s = share_of_messages * request.budget_s;
    work.progress = progress;
    measured.work = measure_work(communicator, config, problem, work);
    MessagePlan messages;
    messages.seed = config.seed;
    messages.progress = progress;
    messages.largest_bytes = request.largest_bytes;
    messages.model_bytes = 4 * problem.parameters;
    const std::size_t ranks = communicator.size();
    const std::size_t pairs = std::clamp<std::size_t>(ranks * (ranks - 1) / 2, 1, most_pairs);
    messages.budget_s = share_of_messages * request.budget_s / static_cast<double>(pairs);
    measured.pairs = measure_messages(communicator, messages, hosts_of_ranks(communicator));
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
    scenario::Config plain = config;
    plain.optimiser = scenario::OptimiserRule("sgd");
    const Measurements measured = measure(communicator, plain, problem, request, progress);
    if (progress != nullptr) progress->finish();
    origin.duration_s = communicator.now_s() - began_s;
    comm::agreed(communicator, [&] {
        if (communicator.rank() != 0) return;
        const Findings found = find(measured, plain, problem);
        write(request, to_json(found, measured, plain, origin), to_xml(found, measured, origin));
        base::print_to_stdout(to_text(found, origin) + fmt::format("Written: {0}/{1}.json, {0}/{1}.xml\n",
                                                                   request.folder, request.name));
    });
}

}  // namespace lockstep::calibration
