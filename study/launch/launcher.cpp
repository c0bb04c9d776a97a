#include "study/launch/launcher.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/process/cores.hpp"
#include "base/process/parallel_start.hpp"
#include "study/launch/file_launcher_options.hpp"
#include "study/launch/launcher_errors.hpp"
#include "study/launch/shell_words.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

std::string program_beside_ours(std::string_view name) {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

std::string find_program(World world) {
    const bool simulated = world == World::simulated;
    std::string program = program_beside_ours(simulated ? "lockstep-sim" : "lockstep-real");
    if (is_executable(program)) return program;
    const std::string build_real = program_beside_ours("../build-real");  // tools/make_tarball
    if (!simulated && is_executable(build_real))
        throw InputError(fmt::format(
            "the real world is not built yet ({} is missing); {} builds it against this machine's MPI",
            program, std::filesystem::path(build_real).lexically_normal().string()));
    throw InputError(
        fmt::format("the {} world was not built: {} was not found at configure time ({} is missing)",
                    simulated ? "simulated" : "real", simulated ? "SimGrid" : "an MPI library", program));
}

constexpr const char* yielding = "OMPI_MCA_mpi_yield_when_idle";  // for mpirun it is an option

/// By default Open MPI kills what is left at once where a rank of the same host ends by SIGTERM: the one that
/// is to leave a partial result has no time for it. What the user has set is left alone.
void add_patience(ChildCommand& command) {
    for (const char* const name : {"OMPI_MCA_odls_base_sigkill_timeout",                // of 4
                                   "PRTE_MCA_odls_base_sigkill_timeout"})               // of 5
        if (std::getenv(name) == nullptr) command.environment.emplace_back(name, "2");  // seconds
}

constexpr std::string_view quiet = "--quiet";  // which hides why mpirun gives up

std::string shown_without_quiet(const ChildCommand& command) {
    std::string text;
    for (const auto& [name, value] : command.environment)
        if (!name.starts_with("LOCKSTEP_")) text += fmt::format("{}={} ", name, value);
    for (const std::string& word : command.words)
        if (word != quiet) text += quoted_for_shell(word) + ' ';
    text.pop_back();
    return text;
}

/// Each copy would start ranks of its own; those of srun would wait for each other for ever.
void refuse_copies() {
    const auto start = base::parallel_start();
    if (!start) return;
    start->let_first_speak();
    if (!start->is_first) std::exit(static_cast<int>(base::ExitStatus::bad_input));
    throw InputError(
        fmt::format("started as {} ({}), each of which would start ranks of its own; start lockstep once, or "
                    "lockstep-real, "
                    "which is the ranks' own program",
                    start->one_of(), start->evidence));
}

}  // namespace

LauncherChoice launcher_choice(const scenario::Invocation& invocation) {
    const auto is_of_file = [&](std::string_view key) {
        return invocation.given_in_file(key) && !invocation.given_on_command_line(key);
    };
    if (is_of_file("launcher")) require_launcher_of_file(invocation.file, invocation.extra.at("launcher"));
    const std::string file = is_of_file("launcher-args") ? invocation.file : std::string();
    if (!file.empty()) require_plain_args_of_file(file, invocation.extra.at("launcher-args"));
    return {invocation.extra.at("launcher"), invocation.extra.at("launcher-args"), file};
}

std::vector<std::string> with_workers_of_job(const scenario::Invocation& invocation,
                                             std::span<const std::string> arguments, bool any_method) {
    std::vector<std::string> words(arguments.begin(), arguments.end());
    const scenario::Config& config = invocation.config;
    const LauncherChoice choice = launcher_choice(invocation);
    const bool has_choice = any_method || !config.method->traits->is_alone;
    if (invocation.given_on_command_line("workers") || invocation.given_in_file("workers") || !has_choice ||
        choice.launcher == "none" || names_hosts(split_words("--launcher-args", choice.args)))
        return words;
    const auto allocation = find_allocation();
    const std::size_t servers = scenario::server_count(config);
    if (allocation && allocation->ranks() > servers)
        words.push_back(fmt::format("--workers={}", allocation->ranks() - servers));
    return words;
}

Launcher::Launcher(World world, const LauncherChoice& choice)
    : world_(world), users_words_(split_words("--launcher-args", choice.args)) {
    program_ = find_program(world);
    if (world == World::simulated) {
        server_ = std::make_unique<ServingProcess>(program_);
        return;
    }
    if (choice.launcher != "none") refuse_copies();
    ranks_ = find_rank_launcher(choice.launcher, users_words_);
    if (!choice.file_of_args.empty()) require_args_of_file(choice.file_of_args, ranks_.kind, users_words_);
    if (ranks_.kind != RankLauncher::Kind::none && !names_hosts(users_words_))
        allocation_ = find_allocation();
}

namespace {

/// Open MPI 5 has it among what --map-by says.
bool wants_oversubscription(const std::vector<std::string>& words) {
    const auto is_policy = [](const std::string& word) {
        return word.find(":oversubscribe") != std::string::npos ||
               word.find(":OVERSUBSCRIBE") != std::string::npos;
    };
    return has_option(words, "--oversubscribe") || has_option(words, "--overcommit") ||
           std::ranges::any_of(words, is_policy);
}

}  // namespace

bool Launcher::oversubscribes(std::size_t ranks) const {
    if (world_ == World::simulated || ranks_.kind == RankLauncher::Kind::srun || allocation_ ||
        names_hosts(users_words_))
        return false;
    return ranks > base::allowed_cores();
}

void Launcher::require_room(std::size_t ranks) const {
    constexpr std::size_t most_a_core = 32;
    if (oversubscribes(ranks) && ranks > most_a_core * base::allowed_cores() &&
        !wants_oversubscription(users_words_))
        throw InputError("--workers", fmt::format("{} ranks, servers included", ranks),
                         fmt::format("at most {}, {} for each core of this machine",
                                     most_a_core * base::allowed_cores(), most_a_core),
                         "use fewer workers, or more hosts (--launcher-args), or, where this is meant, "
                         "--launcher-args --oversubscribe");
    if (!allocation_ || ranks <= allocation_->ranks() || wants_oversubscription(users_words_)) return;
    throw InputError("--workers", fmt::format("{} ranks, servers included", ranks),
                     fmt::format("at most {}, the tasks of {}", allocation_->ranks(), allocation_->name),
                     "ask the batch system for more, use fewer workers, or, where ranks mostly sleep, "
                     "--launcher-args --oversubscribe (srun: --overcommit)");
}

ChildCommand Launcher::command(std::size_t ranks, std::span<const std::string> arguments) const {
    ChildCommand command;
    command.server = server_.get();
    if (world_ == World::real) {
        require_room(ranks);
        Placement placement{oversubscribes(ranks), std::nullopt, ""};
        if (allocation_) {
            placement.ranks_per_host = allocation_->ranks_per_host(ranks);
            placement.host_file = allocation_->host_file;
        }
        command.words = launcher_words(ranks_, ranks, placement, users_words_);
        if (::geteuid() == 0)
            command.environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"}, {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"}};
        if (ranks_.kind == RankLauncher::Kind::srun && std::getenv(yielding) == nullptr)
            command.environment.emplace_back(yielding, "1");
        // Of a rank that dies on another host nobody hears before SIGTERM comes.
        if (ranks_.kind == RankLauncher::Kind::open_mpi && (allocation_ || names_hosts(users_words_)))
            add_patience(command);
        command.environment.emplace_back(base::launcher_variable, ranks_.version);
        if (ranks_.kind != RankLauncher::Kind::none) command.orphan_signal = SIGTERM;
    }
    command.words.push_back(program_);
    command.words.insert(command.words.end(), arguments.begin(), arguments.end());
    return command;
}

bool has_report(std::string_view output) {
    constexpr std::array<std::string_view, 5> of_each_format{
        R"("format": "lockstep-result)", R"("format": "lockstep-rehearsal)", "method,workers,outcome",
        "samples a second", "Written:"};  // a long name begins a line of its own
    return std::ranges::any_of(
        of_each_format, [&](std::string_view part) { return output.find(part) != std::string_view::npos; });
}

namespace {

LauncherErrors errors_in(std::string_view text) {
    LauncherErrors errors;
    errors.add(text);
    errors.finish();
    return errors;
}

/// Open MPI 5's mpirun complains of its own options on stdout.
LauncherErrors errors_of(const ChildEnd& end) {
    LauncherErrors errors = errors_in(end.errors);
    const bool is_silent = errors.own_complaint().empty() && errors.reason().empty();
    const bool has_block = end.output.find(std::string(40, '-')) != std::string::npos;
    return is_silent && has_block && !has_report(end.output) ? errors_in(end.output) : errors;
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
    // Of Open MPI 4, of 5, of Hydra, of srun.
    constexpr std::array<std::string_view, 7> of_a_rank{"mpirun noticed that process",
                                                        "Primary job",
                                                        "prterun noticed that process",
                                                        "prterun detected that",
                                                        "BAD TERMINATION",
                                                        ": task ",
                                                        ": tasks "};
    if (end.by_signal) return false;
    if (end.status == 0) return !has_report(end.output);
    const LauncherErrors errors = errors_of(end);
    const std::string reason = errors.reason();
    return errors.own_complaint().empty() && std::ranges::none_of(of_a_rank, [&](std::string_view words) {
               return reason.find(words) != std::string::npos;
           });
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
        failure += fmt::format(
            "; {} is Hydra's: that of the MPI library that lockstep was built with must come first on PATH",
            command.words.front());
    const auto chooses_mpi = [](const std::string& word) { return word.starts_with("--mpi"); };
    if (program == "srun" && std::ranges::none_of(command.words, chooses_mpi))
        failure +=
            "; Open MPI under srun needs --launcher-args --mpi=pmix (srun --mpi=list tells what there is)";
    if (!program.starts_with("lockstep"))
        failure += fmt::format("; to see all that it says, run {}", shown_without_quiet(command));
    return failure;
}

}  // namespace lockstep::study
