#include "scenario/order_files.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"

namespace lockstep::scenario {
namespace {

using base::InputError;

void check_replay(const Config& config) {
    try {
        base::require_readable_file(config.replay, base::most_of_orders);
    } catch (const InputError& problem) {
        throw InputError(fmt::format("--replay: {}", problem.what()));
    }
}

}  // namespace

void require_writable_file(std::string_view option, const std::string& file) {
    const std::filesystem::path path = file;
    if (std::filesystem::is_directory(path) || !path.has_filename())
        throw InputError(option, file, "a file", "name a file in it");
    if (::access(file.c_str(), F_OK) == 0 && ::access(file.c_str(), W_OK) != 0)
        throw InputError(option, file, "a file that may be written", std::strerror(errno));
    if (std::filesystem::is_other(path)) return;  // a device or pipe is written where it is
    base::require_writable_folder(option, path.has_parent_path() ? path.parent_path() : ".");
}

void check_order_files(const Config& config) {
    if (replays_order(config)) check_replay(config);
    if (records_order(config)) require_writable_file("--record", config.record);
}

}  // namespace lockstep::scenario
