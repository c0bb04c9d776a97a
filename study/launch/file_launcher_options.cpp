#include "study/launch/file_launcher_options.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace lockstep::study {
namespace {

constexpr auto launchers = std::to_array<std::string_view>(
    {"mpirun", "mpiexec", "mpirun.openmpi", "mpirun.mpich", "mpiexec.hydra", "prterun", "srun", "none"});

// Options of Open MPI's or Hydra's mpirun, or of srun, that only say where ranks are, or what is shown.
constexpr auto flags = std::to_array<std::string_view>(
    {"--oversubscribe", "--nooversubscribe", "--overcommit", "--exclusive", "--display-map",
     "--display-allocation", "--report-bindings", "--tag-output", "--bynode", "--byslot"});
constexpr auto with_value = std::to_array<std::string_view>(
    {"--host",        "-host",        "-H",   "--hosts",  "-hosts",    "--hostfile", "-hostfile",
     "--machinefile", "-machinefile", "-f",   "--map-by", "--rank-by", "--bind-to",  "-bind-to",
     "--npernode",    "--ppn",        "-ppn", "--nodes",  "-N",        "--nodelist", "--ntasks-per-node",
     "--mpi"});

bool is_among(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// Of Open MPI's parameters, those of how messages travel; others name programs.
bool is_of_messages(std::string_view parameter) {
    constexpr std::array<std::string_view, 5> beginnings{"btl", "pml", "mtl", "coll", "mpi_yield_when_idle"};
    constexpr std::array<std::string_view, 2> endings{"_if_include", "_if_exclude"};
    return std::ranges::any_of(beginnings, [&](auto text) { return parameter.starts_with(text); }) ||
           std::ranges::any_of(endings, [&](auto text) { return parameter.ends_with(text); });
}

[[noreturn]] void refuse(std::string_view file, const std::string& word) {
    throw base::InputError(
        fmt::format("{}: launcher-args", file), word,
        "in a file, options that say where ranks are, such as --hostfile, --map-by, --oversubscribe, --mpi, "
        "and --mca of btl, pml, mtl and coll",
        "others may run commands: give --launcher-args on the command line");
}

/// How many words the option is that they begin with, of which there is one at least.
std::size_t option_words(std::string_view file, std::span<const std::string> words) {
    const std::string& word = words.front();
    if (is_among(flags, word)) return 1;
    const std::size_t equals = word.find('=');
    if (is_among(with_value, word.substr(0, equals)) && (equals != std::string::npos || words.size() > 1))
        return equals != std::string::npos ? 1 : 2;
    if (word == "--mca" && words.size() > 2) {
        if (is_of_messages(words[1])) return 3;
        refuse(file, fmt::format("{} {}", word, words[1]));
    }
    refuse(file, word);
}

}  // namespace

void require_launcher_of_file(std::string_view file, const std::string& launcher) {
    if (!is_among(launchers, launcher))
        throw base::InputError(fmt::format("{}: launcher", file), launcher,
                               fmt::format("in a file, one of {}", fmt::join(launchers, ", ")),
                               "give another --launcher on the command line");
}

void require_launcher_words_of_file(std::string_view file, const std::vector<std::string>& words) {
    for (std::span<const std::string> rest = words; !rest.empty();)
        rest = rest.subspan(option_words(file, rest));
}

}  // namespace lockstep::study
