#include "study/resume/command.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/terminal.hpp"
#include "scenario/options/options.hpp"
#include "scenario/parse.hpp"
#include "study/manual/page.hpp"
#include "study/run_command.hpp"
#include "study/text_request.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Invocation;

constexpr std::string_view folder_key = "checkpoint";

/// Whether help or the version was asked for, and printed.
bool shows_text(std::span<const std::string> arguments) {
    const auto has = [&](std::string_view word) {
        return std::ranges::find(arguments, word) != arguments.end();
    };
    Invocation asked;
    asked.help = has("--help") || has("-h");
    asked.version = has("--version");
    return show_text_asked_for(asked, page_of("resume"));
}

const std::string& folder_among(std::span<const std::string> arguments) {
    if (arguments.empty() || arguments.front().empty() || arguments.front().starts_with("-"))
        throw InputError(
            "the folder of checkpoints is missing, which comes before keys; write for example lockstep "
            "resume DIR --out run");
    return arguments.front();
}

result::FoundCheckpoint newest_of(const std::string& folder) {
    std::error_code ignored;  // of a folder that may not be looked into
    if (!std::filesystem::is_directory(folder, ignored))
        throw InputError("lockstep resume", folder, "a folder", "name that of --checkpoint");
    auto found = result::newest_checkpoint(folder);
    if (!found)
        throw InputError(fmt::format(
            "{} holds no checkpoint: no run has written one there, or the one that did has ended", folder));
    return std::move(*found);
}

/// Errors: InputError where they are not the words of a resumption.
Invocation read_users_words(std::span<const std::string> users) {
    // As in the real world: a calibration is looked at with all options.
    Invocation given = scenario::parse(users, page_of("resume").keys, scenario::World::real);
    if (!given.file.empty())
        throw InputError("lockstep resume", given.file, "one folder and keys",
                         "the checkpoint tells what its run read from a scenario file");
    if (given.given_on_command_line(folder_key))
        throw InputError("--checkpoint", given.config.checkpoint, "nothing with lockstep resume",
                         "it goes on in the folder of the checkpoint");
    return given;
}

}  // namespace

std::vector<std::string> words_of_resumption(const result::FoundCheckpoint& found, const std::string& folder,
                                             std::span<const std::string> users) {
    const Invocation given = read_users_words(users);
    std::vector<std::string> words;
    bool has_workers = given.given_on_command_line("workers");
    for (const auto& [key, value] : found.checkpoint.options) {
        if (scenario::find_option(key) == nullptr)
            throw InputError(
                fmt::format("{}: {}: unknown option; was it written by another version of lockstep?",
                            found.file.string(), base::shortened(key)));
        if (key == folder_key || given.given_on_command_line(key)) continue;
        has_workers = has_workers || key == "workers";
        words.push_back(fmt::format("--{}={}", key, value));
    }
    // A batch system decides only where a run begins.
    if (!has_workers) words.push_back(fmt::format("--workers={}", scenario::Config{}.workers));
    words.push_back(fmt::format("--{}={}", folder_key, folder));
    words.insert(words.end(), users.begin(), users.end());
    return words;
}

int run_resume(std::span<const std::string> arguments) {
    if (shows_text(arguments)) return 0;
    const std::string& folder = folder_among(arguments);
    const result::FoundCheckpoint found = newest_of(folder);
    const std::vector<std::string> words = words_of_resumption(found, folder, arguments.subspan(1));
    return found.checkpoint.world == "real" ? run_real(words) : run_simulated(words);
}

}  // namespace lockstep::study
