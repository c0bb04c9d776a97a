#include "scenario/order_files.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"

namespace lockstep::scenario {
namespace {

using base::InputError;

void check_replay(const Config& config) {
    try {
        base::read_file(config.replay);
    } catch (const InputError& problem) {
        throw InputError(fmt::format("--replay: {}", problem.what()));
    }
    if (!replays_serially(config)) return;
    if (server_count(config) > 1)
        throw InputError("--servers", std::to_string(config.servers), "1 with --replay-by serial",
                         "several servers are replayed --replay-by ranks");
    if (config.evaluate == Evaluate::workers)
        throw InputError("--evaluate", "workers", "shared with --replay-by serial",
                         "the order does not tell when a worker last heard of the shared parameters");
}

void check_record(const Config& config) {
    const std::filesystem::path file = config.record;
    if (std::filesystem::is_directory(file) || !file.has_filename())
        throw InputError("--record", config.record, "a file", "name a file in it");
    base::require_writable_folder("--record", file.has_parent_path() ? file.parent_path() : ".");
}

}  // namespace

void check_order_files(const Config& config) {
    if (replays_order(config)) check_replay(config);
    if (records_order(config)) check_record(config);
}

}  // namespace lockstep::scenario
