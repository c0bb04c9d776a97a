#include "study/launch/allocation.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <numeric>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "option/lists.hpp"

namespace lockstep::study {
namespace {

constexpr std::size_t most_slots = 1U << 20U;  // more than runs have ranks

std::string variable(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets variables
    return value == nullptr ? "" : value;
}

/// Takes a whole number from the front of the text, 0 where there is none.
std::size_t take_number(std::string_view& text) {
    std::size_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{}) return 0;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

/// `2(x3),1` is 2, 2, 2, 1; nothing where the text is no such list, or of more slots than that.
std::vector<std::size_t> slots_of_slurm(std::string_view text) {
    std::vector<std::size_t> slots;
    std::size_t left = most_slots;
    for (std::string_view part : option::split_list(text)) {
        const std::size_t tasks = take_number(part);
        std::size_t hosts = 1;
        if (part.starts_with("(x") && part.ends_with(')')) {
            part.remove_prefix(2);
            hosts = take_number(part);
            part.remove_prefix(part == ")" ? 1 : 0);
        }
        if (tasks == 0 || hosts == 0 || !part.empty() || hosts > left / tasks) return {};
        left -= hosts * tasks;
        slots.insert(slots.end(), hosts, tasks);
    }
    return slots;
}

/// Hosts in the order in which the file has them first.
std::vector<std::size_t> slots_of_file(const std::string& file) {
    const std::string content = [&] {
        try {
            return base::read_file(file, base::most_of_settings);
        } catch (const base::InputError& problem) {
            throw base::InputError(fmt::format("PBS_NODEFILE: {}", problem.what()));
        }
    }();
    std::vector<std::size_t> slots;
    std::map<std::string, std::size_t> places;
    std::istringstream lines(content);
    for (std::string host; lines >> host;) {
        const auto [entry, is_new] = places.emplace(host, slots.size());
        if (is_new) slots.push_back(0);
        ++slots[entry->second];
    }
    return slots;
}

}  // namespace

std::size_t Allocation::ranks() const {
    return std::accumulate(slots.begin(), slots.end(), std::size_t{0});
}

std::optional<std::size_t> Allocation::ranks_per_host(std::size_t ranks) const {
    if (slots.size() < 2 || ranks >= this->ranks()) return std::nullopt;
    const std::size_t each = (ranks + slots.size() - 1) / slots.size();
    if (std::ranges::min(slots) < each) return std::nullopt;
    return each;
}

std::optional<Allocation> find_allocation() {
    if (const std::string job = variable("SLURM_JOB_ID"); !job.empty()) {
        const std::string tasks = variable("SLURM_TASKS_PER_NODE");
        if (tasks.empty()) return std::nullopt;
        std::vector<std::size_t> slots = slots_of_slurm(tasks);
        if (slots.empty())
            throw base::InputError("SLURM_TASKS_PER_NODE", tasks, "numbers of tasks, such as 2(x3),1",
                                   "it is Slurm's; remove it where this is no job of Slurm");
        return Allocation{fmt::format("Slurm's job {} (SLURM_TASKS_PER_NODE={})", job, tasks),
                          std::move(slots), ""};
    }
    if (const std::string file = variable("PBS_NODEFILE"); !file.empty()) {
        if (!std::filesystem::is_regular_file(file))
            throw base::InputError("PBS_NODEFILE", file, "a file that names the job's hosts",
                                   "it is PBS's; remove it where this is no job of PBS");
        std::vector<std::size_t> slots = slots_of_file(file);
        if (slots.empty()) throw base::InputError(fmt::format("PBS_NODEFILE: {} names no host", file));
        return Allocation{fmt::format("PBS's job {} (PBS_NODEFILE)", variable("PBS_JOBID")), std::move(slots),
                          file};
    }
    return std::nullopt;
}

}  // namespace lockstep::study
