#include "study/launch/file_launcher_options.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace lockstep::study {
namespace {

using Kind = RankLauncher::Kind;
using Names = std::span<const std::string_view>;

constexpr auto launchers = std::to_array<std::string_view>(
    {"mpirun", "mpiexec", "mpirun.openmpi", "mpirun.mpich", "mpiexec.hydra", "prterun", "srun", "none"});

// Options that only say where ranks are, or what is shown.
constexpr auto flags_of_open_mpi = std::to_array<std::string_view>(
    {"--oversubscribe", "--nooversubscribe", "--display-map", "--display-allocation", "--report-bindings",
     "--tag-output", "--bynode", "--byslot"});
constexpr auto values_of_open_mpi = std::to_array<std::string_view>(
    {"--host", "-host", "-H", "--hostfile", "-hostfile", "--machinefile", "-machinefile", "--map-by",
     "--rank-by", "--bind-to", "--npernode", "-N"});
constexpr auto values_of_hydra =
    std::to_array<std::string_view>({"-hosts", "-f", "-machinefile", "-bind-to", "-map-by", "-ppn"});
constexpr auto flags_of_srun = std::to_array<std::string_view>({"--overcommit", "--exclusive"});
constexpr auto values_of_srun =
    std::to_array<std::string_view>({"--nodes", "-N", "--nodelist", "-w", "--ntasks-per-node", "--mpi"});

Names flags_of(Kind kind) {
    return kind == Kind::open_mpi ? Names(flags_of_open_mpi)
           : kind == Kind::srun   ? Names(flags_of_srun)
                                  : Names();
}

Names options_with_value_of(Kind kind) {
    return kind == Kind::open_mpi ? Names(values_of_open_mpi)
           : kind == Kind::hydra  ? Names(values_of_hydra)
           : kind == Kind::srun   ? Names(values_of_srun)
                                  : Names();
}

bool is_among(Names names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// Of Open MPI's parameters, those of how messages travel; others name programs.
bool is_of_messages(std::string_view parameter) {
    constexpr auto beginnings =
        std::to_array<std::string_view>({"btl", "pml", "mtl", "coll", "mpi_yield_when_idle"});
    return std::ranges::any_of(beginnings, [&](auto text) { return parameter.starts_with(text); });
}

bool is_value(std::string_view word) {
    return !word.empty() && !word.starts_with('-');
}

[[noreturn]] void refuse(std::string_view file, std::string_view what) {
    throw base::InputError(
        fmt::format("{}: launcher-args", file), what,
        "in a file, options of that launcher that say where ranks are, such as --hostfile, --map-by, "
        "--oversubscribe of mpirun, --mpi of srun, and --mca of btl, pml, mtl and coll, in plain letters",
        "others may run commands: give --launcher-args on the command line");
}

/// How many words the option is that they begin with, of which there is one at least.
std::size_t option_words(std::string_view file, Kind kind, std::span<const std::string> words) {
    const std::string& word = words.front();
    if (is_among(flags_of(kind), word)) return 1;
    const std::size_t equals = word.find('=');
    if (is_among(options_with_value_of(kind), word.substr(0, equals))) {
        if (equals != std::string::npos && is_value(word.substr(equals + 1))) return 1;
        if (equals == std::string::npos && words.size() > 1 && is_value(words[1])) return 2;
    }
    const bool is_parameter = kind == Kind::open_mpi && word == "--mca" && words.size() > 2;
    if (is_parameter && is_of_messages(words[1]) && is_value(words[2])) return 3;
    refuse(file, is_parameter ? fmt::format("{} {}", word, words[1]) : word);
}

}  // namespace

void require_launcher_of_file(std::string_view file, const std::string& launcher) {
    if (!is_among(launchers, launcher))
        throw base::InputError(fmt::format("{}: launcher", file), launcher,
                               fmt::format("in a file, one of {}", fmt::join(launchers, ", ")),
                               "give another --launcher on the command line");
}

void require_plain_args_of_file(std::string_view file, const std::string& text) {
    constexpr std::string_view plain =
        " abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,:/@%+=^-";
    if (text.find_first_not_of(plain) != std::string::npos) refuse(file, text);
}

void require_args_of_file(std::string_view file, Kind kind, const std::vector<std::string>& words) {
    for (std::span<const std::string> rest = words; !rest.empty();)
        rest = rest.subspan(option_words(file, kind, rest));
}

}  // namespace lockstep::study
