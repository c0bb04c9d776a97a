#include "scenario/hosts.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/trimmed.hpp"
#include "option/lists.hpp"
#include "option/suggest.hpp"
#include "option/values.hpp"

namespace lockstep::scenario {
namespace {

using option::joined;
using option::nearest;
using option::parse_whole;
using option::split_list;
using option::WholeRange;

using base::InputError;

std::string content_of(const std::string& file) {
    try {
        return base::read_file(file, base::most_of_settings);
    } catch (const InputError& problem) {
        throw InputError(fmt::format("--hostfile: {}", problem.what()));
    }
}

std::vector<HostEntry> entries_of_file(const std::string& file) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    const std::string content = content_of(file);
    std::string_view text_of_file = content;
    if (text_of_file.starts_with(byte_order_mark)) text_of_file.remove_prefix(byte_order_mark.size());
    std::vector<HostEntry> entries;
    std::size_t number = 0;
    for (const std::string_view line : split_list(text_of_file, '\n')) {
        ++number;
        const std::string_view text = base::trimmed(line);
        if (!text.empty() && text.front() != '#')
            entries.push_back({fmt::format("--hostfile {}:{}", file, number), std::string(text)});
    }
    if (entries.empty())
        throw InputError("--hostfile", file, "a file with a host a line, HOST or HOST:SLOTS",
                         "it names no host");
    return entries;
}

std::vector<HostEntry> entries_of_list(const std::string& list) {
    std::vector<HostEntry> entries;
    for (const std::string_view part : split_list(list)) {
        if (base::trimmed(part).empty())
            throw InputError("--hosts", list, "hosts with commas between, HOST or HOST:SLOTS",
                             "a name is missing");
        entries.push_back({"--hosts", std::string(base::trimmed(part))});
    }
    return entries;
}

std::optional<std::size_t> find(const std::vector<std::string>& available, std::string_view name) {
    const auto found = std::ranges::find(available, name);
    if (found == available.end()) return std::nullopt;
    return static_cast<std::size_t>(found - available.begin());
}

[[noreturn]] void refuse_unknown(const HostEntry& entry, std::string_view name,
                                 const std::vector<std::string>& available) {
    constexpr std::size_t most_shown = 8;
    const std::size_t shown = std::min(available.size(), most_shown);
    const std::vector<std::string> first(available.begin(),
                                         available.begin() + static_cast<std::ptrdiff_t>(shown));
    const std::vector<std::string_view> candidates(available.begin(), available.end());
    const std::string_view meant = nearest(name, candidates);
    throw InputError(
        entry.subject, entry.text,
        fmt::format("hosts of the platform: {}{}", joined(first, ", "),
                    available.size() > shown ? fmt::format(", ... ({} in all)", available.size()) : ""),
        meant.empty() ? std::string() : fmt::format("did you mean {}?", meant));
}

struct Place {
    std::size_t host;
    std::size_t slots;
};

constexpr WholeRange slots_allowed{1, 65536};

[[noreturn]] void refuse_slots(const HostEntry& entry, std::string_view remedy) {
    throw InputError(entry.subject, entry.text,
                     fmt::format("HOST or HOST:SLOTS, SLOTS {}", describe(slots_allowed)), remedy);
}

/// Open MPI writes `HOST slots=2`.
void refuse_other_form(const HostEntry& entry) {
    constexpr std::string_view slots = "slots=";
    const std::size_t at = entry.text.find(slots);
    if (at == std::string::npos) return;
    refuse_slots(entry, fmt::format("write {}:{}", entry.text.substr(0, entry.text.find_first_of(" \t")),
                                    base::trimmed(std::string_view(entry.text).substr(at + slots.size()))));
}

Place place_of(const HostEntry& entry, const std::vector<std::string>& available) {
    if (const auto host = find(available, entry.text)) return {*host, 1};
    refuse_other_form(entry);
    const std::size_t colon = entry.text.rfind(':');
    const std::string_view name = std::string_view(entry.text).substr(0, colon);
    const auto host = find(available, name);
    if (!host) refuse_unknown(entry, name, available);
    try {
        return {*host, parse_whole("", std::string_view(entry.text).substr(colon + 1), slots_allowed, "")};
    } catch (const InputError&) {
        refuse_slots(entry, "");
    }
}

}  // namespace

std::vector<HostEntry> read_hosts(const Config& config) {
    if (!config.hosts.empty() && !config.hostfile.empty())
        throw InputError("--hostfile", config.hostfile, "nothing next to --hosts", "keep one of the two");
    if (!config.hostfile.empty()) return entries_of_file(config.hostfile);
    return entries_of_list(config.hosts);
}

std::vector<std::size_t> places_of_ranks(const std::vector<HostEntry>& entries,
                                         const std::vector<std::string>& available, std::size_t ranks) {
    std::vector<std::size_t> places;
    for (const HostEntry& entry : entries) {
        const Place place = place_of(entry, available);
        places.insert(places.end(), place.slots, place.host);
    }
    if (places.size() < ranks)
        throw InputError(
            fmt::format("{}: it has room for {} ranks, the run needs {}; name more hosts, or let ranks share "
                        "some: HOST:SLOTS",
                        entries.front().subject.starts_with("--hostfile") ? "--hostfile" : "--hosts",
                        places.size(), ranks));
    places.resize(ranks);
    return places;
}

}  // namespace lockstep::scenario
