#include "result/checkpoint_folder.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/temporary_file.hpp"

namespace lockstep::result {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view before_number = "checkpoint-";

void require_done(const std::error_code& problem, const fs::path& path, std::string_view what) {
    if (problem)
        throw base::EnvironmentError(
            fmt::format("{}: cannot {}: {}", path.string(), what, problem.message()));
}

/// Nothing where a file of that name is no checkpoint.
std::optional<std::uint64_t> number_of(const fs::path& file) {
    const std::string name = file.filename().string();
    if (!name.starts_with(before_number)) return std::nullopt;
    std::uint64_t number = 0;
    std::from_chars(name.data() + before_number.size(), name.data() + name.size(), number);
    if (checkpoint_file({}, number) != name) return std::nullopt;
    return number;
}

/// Of all checkpoints in the folder, the greatest first. Errors: EnvironmentError.
std::vector<std::uint64_t> numbers_in(const fs::path& folder) {
    std::error_code problem;
    fs::directory_iterator entry(folder, problem);
    if (problem == std::errc::no_such_file_or_directory) return {};
    std::vector<std::uint64_t> numbers;
    for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
        std::error_code unknown;
        const auto number = number_of(entry->path());
        if (number && !entry->is_directory(unknown)) numbers.push_back(*number);
    }
    require_done(problem, folder, "list");
    std::ranges::sort(numbers, std::greater());
    return numbers;
}

void remove_checkpoint(const fs::path& folder, std::uint64_t number) {
    const fs::path file = checkpoint_file(folder, number);
    std::error_code problem;
    fs::remove(file, problem);
    require_done(problem, file, "remove");
}

/// Errors: as checkpoint_of and base::read_file.
Checkpoint read_checkpoint(const fs::path& folder, std::uint64_t number) {
    const fs::path file = checkpoint_file(folder, number);
    Checkpoint checkpoint = checkpoint_of(base::read_file(file, base::most_of_checkpoints), file);
    if (checkpoint.number != number)
        throw base::InputError(file.string(), fmt::format("checkpoint {}", checkpoint.number),
                               fmt::format("checkpoint {}, as its name says", number),
                               "name it as it was named");
    return checkpoint;
}

}  // namespace

fs::path checkpoint_file(const fs::path& folder, std::uint64_t number) {
    return folder / fmt::format("{}{}.lockstep", before_number, number);
}

void write_checkpoint(const fs::path& folder, const Checkpoint& checkpoint) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    require_done(problem, folder, "create");
    base::remove_leftovers(folder);
    const fs::path file = checkpoint_file(folder, checkpoint.number);
    const std::string bytes = to_bytes(checkpoint);
    if (bytes.size() > base::most_of_checkpoints)
        throw base::EnvironmentError(fmt::format("{}: a checkpoint of {} bytes; allowed: at most {}",
                                                 file.string(), bytes.size(), base::most_of_checkpoints));
    base::write_file_atomically(file, bytes, base::Survives::power_loss);
    std::vector<std::uint64_t> others = numbers_in(folder);
    std::erase(others, checkpoint.number);
    const auto before = std::ranges::find_if(others, [&](auto number) { return number < checkpoint.number; });
    if (before != others.end()) others.erase(before);
    for (const std::uint64_t number : others) remove_checkpoint(folder, number);
}

std::optional<FoundCheckpoint> newest_checkpoint(const fs::path& folder) {
    std::string passed_over;
    for (const std::uint64_t number : numbers_in(folder)) {
        try {
            Checkpoint checkpoint = read_checkpoint(folder, number);
            return FoundCheckpoint{checkpoint_file(folder, number), std::move(checkpoint), passed_over};
        } catch (const OtherCheckpointFormat&) {
            throw;
        } catch (const base::Error& problem) {
            if (passed_over.empty()) passed_over = problem.what();
        }
    }
    if (!passed_over.empty()) throw base::InputError(passed_over);
    return std::nullopt;
}

void remove_checkpoints(const fs::path& folder) {
    base::remove_leftovers(folder);
    for (const std::uint64_t number : numbers_in(folder)) remove_checkpoint(folder, number);
}

}  // namespace lockstep::result
