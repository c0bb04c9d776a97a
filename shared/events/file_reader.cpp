#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/few.hpp"
#include "base/file.hpp"
#include "events/file.hpp"

namespace lockstep::events {
namespace {

constexpr std::size_t most_ranks = 1U << 20U;
constexpr std::size_t most_of_events = std::size_t{1} << 32U;  ///< bytes of a rank
constexpr std::size_t most_missing = 4096;  ///< files of a run that is shown: each costs as much as one there
constexpr double last_time_s = 1e15;        ///< thirty million years, known to an eighth of a second

/// The value of `key=` in the line. Errors: InputError.
std::string_view value_of(std::string_view line, std::string_view key, const std::string& file) {
    const std::string pattern = fmt::format(" {}=", key);
    const std::size_t at = line.find(pattern);
    if (at == std::string_view::npos)
        throw base::InputError(
            fmt::format("{}:1: it has no '{}'; is it an event file that was edited?", file, key));
    const std::string_view rest = line.substr(at + pattern.size());
    return rest.substr(0, rest.find(' '));
}

template <typename Number>
Number number_of(std::string_view line, std::string_view key, const std::string& file) {
    const std::string_view text = value_of(line, key, file);
    Number number{};
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size())
        throw base::InputError(fmt::format("{}:1: {}", file, key), text, "a number", "was the file edited?");
    return number;
}

bool is_time(double at_s) {
    return std::abs(at_s) <= last_time_s;  // false for what is no number
}

Header parse_header(std::string_view line, const std::string& file) {
    const std::string_view found = line.substr(0, line.find(' '));
    if (found != file_format)
        throw base::InputError(file, found.substr(0, 40), file_format,
                               "name a file that `--events full` has written with this version");
    Header header;
    header.rank = number_of<std::size_t>(line, "rank", file);
    header.ranks = number_of<std::size_t>(line, "ranks", file);
    header.workers = number_of<std::size_t>(line, "workers", file);
    header.simulated = value_of(line, "world", file) == "simulated";
    header.start_s = number_of<double>(line, "start_s", file);
    if (header.ranks > most_ranks || header.rank >= header.ranks || header.workers > header.ranks ||
        !is_time(header.start_s))
        throw base::InputError(fmt::format("{}:1: it is of no run; the file is damaged", file));
    return header;
}

bool takes_time(Kind kind) {
    return kind == Kind::compute || kind == Kind::blocked_sending || kind == Kind::blocked_receiving ||
           kind == Kind::in_library;
}

bool is_of_message(Kind kind) {
    return kind == Kind::send_started || kind == Kind::receive_started || kind == Kind::arrived;
}

/// In a file of so many records. Each message has one on each side, so that its number is below that.
bool is_record(const Event& event, const Header& header, std::size_t records) {
    if (static_cast<std::size_t>(event.kind) >= kind_count) return false;
    if (static_cast<std::uint32_t>(event.phase) > 1) return false;
    if (event.peer != no_peer && event.peer >= header.ranks) return false;
    if (!is_time(event.begin_s) || !is_time(event.end_s)) return false;
    if (takes_time(event.kind) && event.end_s < event.begin_s) return false;
    return !is_of_message(event.kind) || (event.peer != no_peer && event.sequence < records);
}

/// Whether a file goes on after its rank's end with anything but the clock that a real rank measures then.
bool goes_on_after_end(Kind before, Kind next, bool has_ended) {
    return has_ended && (before != Kind::end || next != Kind::clock);
}

/// What can be read of a file, and what is wrong with a record, if one is none.
struct Reading {
    RankEvents rank;
    std::string damage;
};

Reading read_until_damage(const std::filesystem::path& path) {
    const std::string file = path.string();
    const std::string bytes = base::read_file(path, most_of_events);
    const std::size_t line_end = bytes.find('\n');
    if (line_end == std::string::npos)
        throw base::InputError(fmt::format("{}: it ends within its first line; it holds no event", file));
    Reading reading;
    RankEvents& rank = reading.rank;
    rank.header = parse_header(std::string_view(bytes).substr(0, line_end), file);
    const std::string_view records = std::string_view(bytes).substr(line_end + 1);
    const std::size_t count = records.size() / sizeof(Event);
    rank.events.resize(count);
    if (count > 0) std::memcpy(rank.events.data(), records.data(), count * sizeof(Event));
    for (std::size_t i = 0; i < count && reading.damage.empty(); ++i) {
        const Event& event = rank.events[i];
        if (!is_record(event, rank.header, count))
            reading.damage = fmt::format("{}: record {} is none; the file is damaged", file, i);
        else if (i > 0 && goes_on_after_end(rank.events[i - 1].kind, event.kind, rank.complete))
            reading.damage = fmt::format(
                "{}: record {} comes after the end of its rank: two runs have written to the file", file, i);
        else
            rank.complete |= event.kind == Kind::end;
        if (!reading.damage.empty()) rank.events.resize(i);
    }
    if (!reading.damage.empty()) rank.complete = false;
    rank.complete &= records.size() % sizeof(Event) == 0;
    return reading;
}

void require_same_run(const Header& header, std::size_t rank, const Header& other,
                      const std::filesystem::path& file) {
    if (header.rank != rank || header.ranks != other.ranks || header.workers != other.workers ||
        header.simulated != other.simulated)
        throw base::InputError(fmt::format("{}: it is of another rank or run than rank-{}.events beside it",
                                           file.string(), other.rank));
}

/// A rank whose file cannot be read, of the run of one whose file can: its start is that one's, by rank 0's
/// clock.
RankEvents without_events(std::size_t rank, const RankEvents& known) {
    RankEvents empty;
    empty.header = known.header;
    empty.header.rank = rank;
    if (!known.events.empty() && known.events.front().kind == Kind::clock)
        empty.header.start_s += known.events.front().end_s;
    return empty;
}

/// Numbers of the ranks that have files here, in growing order.
std::vector<std::size_t> ranks_with_files(const std::filesystem::path& run) {
    std::vector<std::size_t> ranks;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(run / "events", problem)) {
        const std::string name = entry.path().filename().string();
        std::size_t rank = 0;
        constexpr std::size_t prefix = std::string_view("rank-").size();
        if (!name.starts_with("rank-")) continue;
        std::from_chars(name.data() + prefix, name.data() + name.size(), rank);
        if (entry.path() == event_file(run, rank)) ranks.push_back(rank);
    }
    std::ranges::sort(ranks);
    return ranks;
}

/// Each file that can be read, by rank; `problems` gets a line for each that is not complete.
std::map<std::size_t, RankEvents> read_what_can_be(const std::filesystem::path& run,
                                                   std::vector<std::string>& problems) {
    std::map<std::size_t, RankEvents> found;
    for (const std::size_t rank : ranks_with_files(run)) {
        const std::filesystem::path file = event_file(run, rank);
        try {
            Reading reading = read_until_damage(file);
            const Header& header = reading.rank.header;
            require_same_run(header, rank, found.empty() ? header : found.begin()->second.header, file);
            if (reading.damage.empty() && !reading.rank.complete)
                reading.damage = fmt::format("{}: it ends before its run did", file.string());
            if (!reading.damage.empty())
                problems.push_back(
                    fmt::format("{}; {} events are shown", reading.damage, reading.rank.events.size()));
            found.emplace(rank, std::move(reading.rank));
        } catch (const base::InputError& problem) {
            problems.emplace_back(problem.what());
        }
    }
    return found;
}

}  // namespace

RankEvents read_events(const std::filesystem::path& path) {
    Reading reading = read_until_damage(path);
    if (!reading.damage.empty()) throw base::InputError(reading.damage);
    return std::move(reading.rank);
}

std::vector<RankEvents> read_run_events(const std::filesystem::path& run) {
    std::vector<RankEvents> all;
    all.push_back(read_events(event_file(run, 0)));
    const Header first = all.front().header;
    for (std::size_t rank = 0; rank < first.ranks; ++rank) {
        if (rank > 0) all.push_back(read_events(event_file(run, rank)));
        require_same_run(all.back().header, rank, first, event_file(run, rank));
    }
    return all;
}

std::vector<RankEvents> read_usable_run_events(const std::filesystem::path& run,
                                               std::vector<std::string>& problems) {
    std::vector<std::string> unusable;
    std::map<std::size_t, RankEvents> found = read_what_can_be(run, unusable);
    if (found.empty())
        throw base::InputError(unusable.empty()
                                   ? fmt::format("{}: it holds no event file", (run / "events").string())
                                   : unusable.front());
    base::add_few(problems, unusable, "more event files are not complete");
    const RankEvents first = without_events(0, found.begin()->second);
    if (first.header.ranks > found.size() + most_missing)
        throw base::InputError(fmt::format(
            "{}: it is of {} ranks, and of {} there are events; at most {} may be missing; is it damaged?",
            event_file(run, found.begin()->first).string(), first.header.ranks, found.size(), most_missing));
    std::vector<std::string> missing;
    std::vector<RankEvents> all;
    for (std::size_t rank = 0; rank < first.header.ranks; ++rank) {
        const auto place = found.find(rank);
        if (place != found.end()) {
            all.push_back(std::move(place->second));
            continue;
        }
        if (const std::filesystem::path file = event_file(run, rank); !std::filesystem::exists(file))
            missing.push_back(fmt::format("{}: it is missing", file.string()));
        all.push_back(first);
        all.back().header.rank = rank;
    }
    base::add_few(problems, missing, "more event files are missing");
    return all;
}

}  // namespace lockstep::events
