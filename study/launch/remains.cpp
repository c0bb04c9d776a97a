#include "study/launch/remains.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;

FileVersion version_of(const fs::path& file) {
    constexpr std::int64_t ns_per_s = 1'000'000'000;
    struct stat found {};
    if (file.empty() || ::stat(file.c_str(), &found) != 0) return {};
    return {found.st_ino, ns_per_s * found.st_mtim.tv_sec + found.st_mtim.tv_nsec};
}

bool has_checkpoint(const fs::path& folder) {
    std::error_code ignored;
    return std::ranges::any_of(fs::directory_iterator(folder, ignored), fs::directory_iterator(),
                               [](const fs::directory_entry& entry) {
                                   const std::string name = entry.path().filename().string();
                                   return name.starts_with("checkpoint-") && name.ends_with(".lockstep");
                               });
}

}  // namespace

Remains::Remains(const scenario::Config& config)
    : result_(config.out.empty() ? fs::path() : fs::path(config.out) / "result.json"),
      checkpoint_(config.checkpoint),
      before_(version_of(result_)) {}

std::string Remains::told() const {
    const FileVersion now = version_of(result_);
    if (now != FileVersion{} && now != before_)
        return fmt::format("what it had come to is in {}", result_.string());
    if (!checkpoint_.empty() && has_checkpoint(checkpoint_))
        return fmt::format("go on with: lockstep resume {}", checkpoint_);
    return {};
}

std::string Remains::told_after(std::string failure) const {
    const std::string also = told();
    return also.empty() ? std::move(failure) : fmt::format("{}; {}", failure, also);
}

}  // namespace lockstep::study
