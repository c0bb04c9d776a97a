#include "data/mnist_files.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::data {
namespace {

namespace fs = std::filesystem;
using base::InputError;

constexpr std::string_view gzip_suffix = ".gz";
constexpr std::array<std::string_view, 2> test_sets{"t10k", "test"};

/// In lower case, with `-` between the parts: names that differ in nothing else are the same.
std::string plain(std::string_view name) {
    std::string text(name);
    for (char& letter : text)
        letter = letter == '.' || letter == '_'
                     ? '-'
                     : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return text;
}

std::string usual_name(std::string_view set, std::string_view kind) {
    return fmt::format("{}-{}-idx{}-ubyte", set, kind, kind == "images" ? 3 : 1);
}

/// A file's name in parts.
struct FileName {
    std::string prefix;  ///< as in plain(), without the `-` at its end
    std::string role;    ///< `train-images`
};

std::optional<FileName> parse(std::string_view file) {
    if (file.ends_with(gzip_suffix) || file.ends_with(".GZ")) file.remove_suffix(gzip_suffix.size());
    const std::string name = plain(file);
    for (const std::string_view set : {"train", "t10k", "test"})
        for (const std::string_view kind : {"images", "labels"}) {
            const std::string role = fmt::format("{}-{}", set, kind);
            const std::size_t start = name.rfind(role);
            if (start == std::string::npos || (start > 0 && name[start - 1] != '-')) continue;
            const std::string_view rest = std::string_view(name).substr(start + role.size());
            const bool is_idx =
                rest.starts_with("-idx") && std::ranges::count(rest, '-') <= 2;  // -idx1-ubyte
            if (!rest.empty() && !is_idx) continue;
            return FileName{name.substr(0, start > 0 ? start - 1 : 0), role};
        }
    return std::nullopt;
}

/// What is in a folder: the best file of each role of each data set, and all names.
struct Listing {
    std::map<std::string, std::map<std::string, std::string>> sets;  ///< by prefix, by role: the file's name
    std::vector<std::string> names;
};

/// Files of the same role: the first in this order is taken. `path` is within the folder.
auto preference(const fs::path& path, const FileName& parts) {
    const std::string file = path.filename().string();
    const bool is_gzip = plain(file).ends_with("-gz");
    const std::string set = parts.role.substr(0, parts.role.find('-'));
    const std::string usual = usual_name(set, parts.role.substr(set.size() + 1));
    const bool is_usual = file == usual || file == fmt::format("{}{}", usual, gzip_suffix);
    return std::tuple(!is_usual, path.has_parent_path(), is_gzip, file);
}

/// The file of that role that a folder of its name holds, as unpacking can leave it; empty where there is
/// none.
std::string file_within(const fs::path& folder, const FileName& parts) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const auto inner = parse(entry.path().filename().string());
        if (inner && inner->prefix == parts.prefix && inner->role == parts.role &&
            entry.is_regular_file(ignored))
            return (folder.filename() / entry.path().filename()).string();
    }
    return {};
}

Listing list(const fs::path& folder) {
    Listing listing;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem)) {
        const std::string file = entry.path().filename().string();
        listing.names.push_back(file);
        const auto parts = parse(file);
        std::error_code broken_link;
        if (!parts) continue;
        const std::string found =
            entry.is_regular_file(broken_link) ? file : file_within(entry.path(), *parts);
        if (found.empty()) continue;
        std::string& best = listing.sets[parts->prefix][parts->role];
        if (best.empty() || preference(found, *parts) < preference(best, *parts)) best = found;
    }
    if (problem)
        throw InputError(folder.string(), problem.message(), "a folder that can be read",
                         "check its permissions");
    std::ranges::sort(listing.names);
    return listing;
}

/// The file of one role, whose set may have one of several names; empty where there is none.
std::string file_of(const std::map<std::string, std::string>& files, std::span<const std::string_view> sets,
                    std::string_view kind) {
    for (const std::string_view set : sets)
        if (const auto found = files.find(fmt::format("{}-{}", set, kind)); found != files.end())
            return found->second;
    return {};
}

/// Why something of the right name is no file that can be read; empty where it is one.
std::string_view problem_of(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored)) return {};
    if (fs::is_directory(path, ignored)) return "a folder without it";
    return fs::exists(path, ignored) ? "no regular file" : "a broken link";
}

/// What there is in place of the missing file, for its message.
std::string instead(const fs::path& folder, const Listing& listing, const std::string& prefix,
                    std::span<const std::string_view> sets, std::string_view kind) {
    constexpr std::string_view nothing = "no such file, nor one with .gz";
    for (const std::string& name : listing.names)
        for (const std::string_view set : sets) {
            const std::string role = fmt::format("{}-{}", set, kind);
            if (!plain(name).starts_with(prefix) || plain(name).find(role) == std::string::npos) continue;
            const std::string_view problem = problem_of(folder / name);
            return problem.empty() ? fmt::format("{}; there is only {}", nothing, name)
                                   : fmt::format("{}, which is {}", name, problem);
        }
    return std::string(nothing);
}

fs::path require(const fs::path& folder, const Listing& listing, const std::string& prefix,
                 std::span<const std::string_view> sets, std::string_view kind) {
    const auto set = listing.sets.find(prefix);
    if (set != listing.sets.end())
        if (const std::string file = file_of(set->second, sets, kind); !file.empty()) return folder / file;
    const std::string name = prefix.empty() ? usual_name(sets.front(), kind)
                                            : fmt::format("{}-{}", prefix, usual_name(sets.back(), kind));
    throw InputError((folder / name).string(), instead(folder, listing, prefix, sets, kind),
                     "a folder with the four files of MNIST",
                     fmt::format("fetch them with tools/fetch_mnist {}", folder.string()));
}

bool is_complete(const std::map<std::string, std::string>& files) {
    constexpr std::array<std::string_view, 1> train{"train"};
    return std::ranges::all_of(std::array<std::string_view, 2>{"images", "labels"}, [&](auto kind) {
        return !file_of(files, train, kind).empty() && !file_of(files, test_sets, kind).empty();
    });
}

/// The name of the data set to take: none where there are files without one.
std::string chosen(const fs::path& folder, const Listing& listing) {
    if (listing.sets.empty() || listing.sets.contains("")) return {};
    std::vector<std::string> complete;
    for (const auto& [prefix, files] : listing.sets)
        if (is_complete(files)) complete.push_back(prefix);
    if (complete.empty()) return listing.sets.begin()->first;
    if (complete.size() == 1) return complete.front();
    std::string names;
    for (const std::string& name : complete) names += (names.empty() ? "" : ", ") + name;
    throw InputError(folder.string(), fmt::format("the data sets {}", names), "one data set",
                     fmt::format("name one, as in mnist:{}", (folder / complete.front()).string()));
}

}  // namespace

MnistFiles find_mnist_files(const fs::path& place) {
    std::error_code ignored;
    fs::path folder = place;
    std::string prefix;
    if (!fs::is_directory(place, ignored)) {
        folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
        prefix = plain(place.filename().string());
        const bool is_named = !fs::exists(place, ignored) && fs::is_directory(folder, ignored) &&
                              !prefix.empty() && list(folder).sets.contains(prefix);
        if (!is_named)
            throw InputError(place.string(), fs::exists(place, ignored) ? "a file" : "no such folder",
                             "a folder with the four files of MNIST",
                             fmt::format("fetch them with tools/fetch_mnist {}", place.string()));
    }
    const Listing listing = list(folder);
    if (prefix.empty()) prefix = chosen(folder, listing);
    constexpr std::array<std::string_view, 1> train{"train"};
    return {prefix, require(folder, listing, prefix, train, "images"),
            require(folder, listing, prefix, train, "labels"),
            require(folder, listing, prefix, test_sets, "images"),
            require(folder, listing, prefix, test_sets, "labels")};
}

}  // namespace lockstep::data
