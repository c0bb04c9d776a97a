#include "study/launch/launcher.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>
#include <wordexp.h>

#include "base/error.hpp"
#include "base/process/cores.hpp"
#include "study/launch/launcher_errors.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

std::string program_beside_ours(std::string_view name) {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

bool is_executable(const std::string& path) {
    std::error_code ignored;  // of a folder that may not be looked into
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::string find_program(World world) {
    const bool simulated = world == World::simulated;
    std::string program = program_beside_ours(simulated ? "lockstep-sim" : "lockstep-real");
    if (!is_executable(program))
        throw InputError(
            fmt::format("the {} world was not built: {} was not found at configure time ({} is missing)",
                        simulated ? "simulated" : "real", simulated ? "SimGrid" : "Open MPI", program));
    return program;
}

constexpr std::string_view mpirun_name = "mpirun";

std::string find_mpirun() {
    if (const auto program = program_on_path(mpirun_name)) return *program;
    throw InputError(
        "mpirun is not on PATH; runs in the real world need it: install Open MPI (Debian: openmpi-bin)");
}

constexpr std::array host_options{"--host",    "-host",         "-H",           "--hostfile",
                                  "-hostfile", "--machinefile", "-machinefile", "--default-hostfile"};

constexpr std::array rank_options{"-n", "--n", "-np", "--np", "-c", "--c"};
constexpr std::string_view quiet = "--quiet";  // which hides why mpirun gives up

void refuse_rank_options(const std::vector<std::string>& words) {
    const auto found = std::ranges::find_first_of(words, rank_options);
    if (found != words.end())
        throw InputError("--launcher-args", *found, "other options of mpirun",
                         "the number of ranks follows from --workers");
}

std::string quoted_for_shell(const std::string& word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string text;
    for (const char letter : word) text += letter == '\'' ? "'\\''" : std::string(1, letter);
    return fmt::format("'{}'", text);
}

std::string shown_without_quiet(const ChildCommand& command) {
    std::string text;
    for (const auto& [name, value] : command.environment) text += fmt::format("{}={} ", name, value);
    for (const std::string& word : command.words)
        if (word != quiet) text += quoted_for_shell(word) + ' ';
    text.pop_back();
    return text;
}

}  // namespace

std::optional<std::string> program_on_path(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
        const std::string_view folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
        std::string candidate = fmt::format("{}/{}", folder.empty() ? "." : folder, name);
        if (is_executable(candidate)) return candidate;
    }
    return std::nullopt;
}

std::vector<std::string> split_words(std::string_view option, const std::string& text) {
    wordexp_t words{};
    const int problem = ::wordexp(text.c_str(), &words, WRDE_NOCMD);
    if (problem == WRDE_NOSPACE) throw std::bad_alloc();
    if (problem != 0)
        throw InputError(option, text, "words as in a shell, with quotes in pairs",
                         "quote characters like | & ; < > ( )");
    std::vector<std::string> result(words.we_wordv, words.we_wordv + words.we_wordc);
    ::wordfree(&words);
    return result;
}

Launcher::Launcher(World world, const std::string& launcher_args)
    : world_(world), launcher_words_(split_words("--launcher-args", launcher_args)) {
    if (world == World::real) refuse_rank_options(launcher_words_);
    program_ = find_program(world);
    if (world == World::real)
        mpirun_ = find_mpirun();
    else
        server_ = std::make_unique<ServingProcess>(program_);
}

bool Launcher::decides(std::string_view option) const {
    const std::string_view single_dash = option.starts_with("--") ? option.substr(1) : option;
    return std::ranges::any_of(
        launcher_words_, [&](const std::string& word) { return word == option || word == single_dash; });
}

bool Launcher::oversubscribes(std::size_t ranks) const {
    const bool here = std::ranges::none_of(host_options, [&](const char* option) { return decides(option); });
    return world_ == World::real && here && ranks > base::allowed_cores();
}

std::vector<std::string> Launcher::fitting_options(std::size_t ranks) const {
    std::vector<std::string> options;
    if (!decides("--bind-to")) options.insert(options.end(), {"--bind-to", "none"});
    if (!decides("mpi_yield_when_idle")) options.insert(options.end(), {"--mca", "mpi_yield_when_idle", "1"});
    if (oversubscribes(ranks) && !decides("--oversubscribe") && !decides("--nooversubscribe"))
        options.emplace_back("--oversubscribe");
    return options;
}

ChildCommand Launcher::command(std::size_t ranks, std::span<const std::string> arguments) const {
    ChildCommand command;
    command.server = server_.get();
    if (world_ == World::real) {
        command.words = {mpirun_, "-n", std::to_string(ranks)};
        for (const auto& words : {fitting_options(ranks), launcher_words_})
            command.words.insert(command.words.end(), words.begin(), words.end());
        if (::geteuid() == 0)
            command.environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"}, {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"}};
    }
    command.words.push_back(program_);
    command.words.insert(command.words.end(), arguments.begin(), arguments.end());
    return command;
}

bool has_report(std::string_view output) {
    constexpr std::array<std::string_view, 5> of_each_format{
        R"("format": "lockstep-result)", R"("format": "lockstep-rehearsal)", "method,workers,outcome",
        "samples a second", "Written: "};
    return std::ranges::any_of(
        of_each_format, [&](std::string_view part) { return output.find(part) != std::string_view::npos; });
}

namespace {

LauncherErrors errors_of(const ChildEnd& end) {
    LauncherErrors errors;
    errors.add(end.errors);
    errors.finish();
    return errors;
}

/// Where mpirun has lost what it says of a process that a signal ended, its status still tells.
std::string reason_of(const LauncherErrors& errors, int status) {
    constexpr int highest_signal = 64;
    const int signal = status - 128;
    std::string said = errors.reason();
    if (!said.starts_with("Primary job") || signal <= 0 || signal > highest_signal) return said;
    return fmt::format("a process that it started ended by signal {} ({})", signal, ::strsignal(signal));
}

}  // namespace

bool is_launcher_dead(const ChildEnd& end) {
    constexpr std::array<std::string_view, 2> of_a_rank{"mpirun noticed that process", "Primary job"};
    if (end.by_signal) return false;
    if (end.status == 0) return !has_report(end.output);
    const LauncherErrors errors = errors_of(end);
    const std::string reason = errors.reason();
    return errors.own_complaint().empty() &&
           std::ranges::none_of(of_a_rank, [&](std::string_view words) { return reason.starts_with(words); });
}

std::string failure_of(const ChildCommand& command, const ChildEnd& end) {
    const LauncherErrors errors = errors_of(end);
    if (std::string complaint = errors.own_complaint(); !complaint.empty()) return complaint;
    const std::string program = std::filesystem::path(command.words.front()).filename().string();
    std::string failure = end.by_signal ? fmt::format("{} ended by signal {} ({})", program, end.status - 128,
                                                      ::strsignal(end.status - 128))
                          : end.status == 0
                              ? fmt::format("{} ended with 0, but no rank reported a result", program)
                              : fmt::format("{} ended with status {}", program, end.status);
    const std::string reason = reason_of(errors, end.status);
    if (!reason.empty()) failure += fmt::format(": {}", reason);
    if (reason.starts_with("[mpiexec@"))
        failure +=
            fmt::format("; {} is MPICH's, and Open MPI's must come first on PATH", command.words.front());
    if (program == mpirun_name)
        failure += fmt::format("; to see all that it says, run {}", shown_without_quiet(command));
    return failure;
}

}  // namespace lockstep::study
