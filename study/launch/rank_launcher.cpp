#include "study/launch/rank_launcher.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "study/launch/child_process.hpp"
#include "study/launch/spawn.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using Kind = RankLauncher::Kind;

/// What a launcher's `--version` is known by.
constexpr std::array<std::pair<std::string_view, Kind>, 5> marks{{{"Open MPI", Kind::open_mpi},
                                                                  {"OpenRTE", Kind::open_mpi},
                                                                  {"HYDRA", Kind::hydra},
                                                                  {"Intel(R) MPI", Kind::hydra},
                                                                  {"slurm", Kind::srun}}};

std::string trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos
               ? std::string()
               : std::string(text.substr(first, text.find_last_not_of(blanks) + 1 - first));
}

std::string first_line(std::string_view text) {
    const std::string begun = trimmed(text);
    return trimmed(std::string_view(begun).substr(0, begun.find('\n')));
}

/// Hydra says its version in a line of its own, of no program.
std::string version_line(Kind kind, std::string_view said) {
    constexpr std::string_view key = "Version:";
    const std::size_t place = said.find(key);
    if (kind != Kind::hydra || place == std::string_view::npos) return first_line(said);
    return fmt::format("mpirun (Hydra) {}", first_line(said.substr(place + key.size())));
}

void ask(RankLauncher& launcher) {
    const ChildEnd end = run_child({{launcher.program, "--version"}, {}}, Streams::captured);
    const std::string said = end.output + end.errors;
    launcher.kind = Kind::other;
    if (end.status != 0) return;
    for (const auto& [mark, kind] : marks)
        if (launcher.kind == Kind::other && said.find(mark) != std::string::npos) launcher.kind = kind;
    launcher.version = version_line(launcher.kind, said);
}

/// Whether a word says how many ranks there are: `-n`, `--ntasks=8`, `-n8`.
bool counts_ranks(Kind kind, std::string_view word) {
    constexpr std::array of_mpirun{"-n", "--n", "-np", "--np", "-c", "--c"};
    constexpr std::array of_srun{"-n", "--ntasks"};  // its -c counts cores
    const std::string_view option = word.substr(0, word.find('='));
    const bool has_number =
        word.starts_with("-n") && word.find_first_not_of("0123456789", 2) == std::string_view::npos;
    return has_number || (kind == Kind::srun ? std::ranges::find(of_srun, option) != of_srun.end()
                                             : std::ranges::find(of_mpirun, option) != of_mpirun.end());
}

void refuse_rank_options(Kind kind, const std::vector<std::string>& users) {
    for (const std::string& word : users)
        if (counts_ranks(kind, word))
            throw InputError("--launcher-args", word, "other options of the launcher",
                             "the number of ranks follows from --workers");
}

/// The user's own words where any of `options` is among them, else `words`.
void add_unless(std::vector<std::string>& all, const std::vector<std::string>& users,
                std::initializer_list<std::string_view> options, std::initializer_list<std::string> words) {
    if (std::ranges::none_of(options, [&](std::string_view option) { return has_option(users, option); }))
        all.insert(all.end(), words);
}

/// What Open MPI 4 and 5 both know.
void add_open_mpi(std::vector<std::string>& words, const Placement& placement,
                  const std::vector<std::string>& users) {
    add_unless(words, users, {"--bind-to"}, {"--bind-to", "none"});
    add_unless(words, users, {"mpi_yield_when_idle"}, {"--mca", "mpi_yield_when_idle", "1"});
    if (placement.oversubscribed)
        add_unless(words, users, {"--oversubscribe", "--nooversubscribe"}, {"--oversubscribe"});
    if (!placement.host_file.empty()) words.insert(words.end(), {"--hostfile", placement.host_file});
    if (placement.ranks_per_host)
        add_unless(words, users,
                   {"--map-by", "--rankfile", "-rf", "--bynode", "--byslot", "--pernode", "--npernode",
                    "--ppr", "-N"},
                   {"--map-by", fmt::format("ppr:{}:node", *placement.ranks_per_host)});
}

void add_hydra(std::vector<std::string>& words, const Placement& placement,
               const std::vector<std::string>& users) {
    add_unless(words, users, {"--bind-to"}, {"-bind-to", "none"});
    if (!placement.host_file.empty()) words.insert(words.end(), {"-f", placement.host_file});
    if (placement.ranks_per_host)
        add_unless(words, users, {"--ppn", "--perhost", "--grr"},
                   {"-ppn", std::to_string(*placement.ranks_per_host)});
}

/// The file of a launcher by its name or path.
std::string program_of(const std::string& name) {
    const bool is_path = name.find('/') != std::string::npos;
    const auto program = is_path ? std::optional(name) : program_on_path(name);
    if (name.empty() || !program || !is_executable(*program))
        throw InputError(
            fmt::format("{} is {}; runs in the real world need it: {}", name.empty() ? "--launcher ''" : name,
                        is_path ? "no program" : "not on PATH",
                        name == "srun" ? "install Slurm's client, or use another --launcher"
                                       : "install that of the MPI library that lockstep was built with "
                                         "(Debian: openmpi-bin), or use another --launcher"));
    return *program;
}

}  // namespace

RankLauncher find_rank_launcher(const std::string& name, const std::vector<std::string>& users) {
    RankLauncher launcher;
    if (name == "none") {
        if (!users.empty())
            throw InputError("--launcher-args: with --launcher none nobody takes them; remove them");
        return launcher;
    }
    launcher.program = program_of(name);
    ask(launcher);
    refuse_rank_options(launcher.kind, users);
    return launcher;
}

bool has_option(const std::vector<std::string>& users, std::string_view option) {
    const auto without_value = [](std::string_view word) { return word.substr(0, word.find('=')); };
    const std::string_view single_dash = option.starts_with("--") ? option.substr(1) : option;
    return std::ranges::any_of(users, [&](std::string_view word) {
        return without_value(word) == option || without_value(word) == single_dash;
    });
}

bool names_hosts(const std::vector<std::string>& users) {
    constexpr std::array options{"--host",  "-H", "--hostfile", "--machinefile", "--default-hostfile",
                                 "--hosts", "-f"};
    return std::ranges::any_of(options, [&](const char* option) { return has_option(users, option); });
}

std::vector<std::string> launcher_words(const RankLauncher& launcher, std::size_t ranks,
                                        const Placement& placement, const std::vector<std::string>& users) {
    if (launcher.kind == Kind::none) {
        if (ranks != 1)
            throw InputError("--launcher", "none", "mpirun or srun for a run of several ranks",
                             fmt::format("this one has {}", ranks));
        return {};
    }
    std::vector<std::string> words{launcher.program, "-n", std::to_string(ranks)};
    if (launcher.kind == Kind::open_mpi) add_open_mpi(words, placement, users);
    if (launcher.kind == Kind::hydra) add_hydra(words, placement, users);
    words.insert(words.end(), users.begin(), users.end());
    return words;
}

}  // namespace lockstep::study
