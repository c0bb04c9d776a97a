// What a rank has written is read back; what was cut off or changed is told.
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "events/file.hpp"
#include "temporary_run.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::events;
using test::event;
using test::message;
using test::TemporaryRun;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t record_bytes = 64;

std::vector<Event> some_events(std::size_t count) {
    std::vector<Event> all;
    for (std::size_t i = 0; i < count; ++i) {
        Event next = message(Kind::send_started, 1, i, 0.5 * static_cast<double>(i));
        next.bytes = 1000 + i;
        next.round = i / 2;
        all.push_back(next);
    }
    return all;
}

void write(const fs::path& file, const Header& header, const std::vector<Event>& all, bool ends = true) {
    FileWriter writer(file, header);
    for (const Event& next : all) writer.add(next);
    if (ends) writer.add(event(Kind::end, 99));
}

void replace(const fs::path& file, const std::string& old, const std::string& with) {
    std::string text = base::read_file(file);
    const std::size_t at = text.find(old);
    REQUIRE(at != std::string::npos);
    base::write_file_atomically(file, text.replace(at, old.size(), with));
}

std::string refusal(const fs::path& file) {
    try {
        read_events(file);
    } catch (const base::InputError& error) {
        return error.what();
    }
    FAIL_CHECK("no InputError was thrown");
    return {};
}

}  // namespace

TEST_CASE("events are read back as they were written, header included") {
    const TemporaryRun run;
    const auto count = GENERATE(as<std::size_t>(), 0, 1, 3, FileWriter::buffered_events,
                                2 * FileWriter::buffered_events + 7);
    std::vector<Event> all = some_events(count);
    write(run.file(2), {2, 4, 3, true, 0.1 + 0.2}, all);
    const RankEvents found = read_events(run.file(2));
    CHECK(found.header.rank == 2);
    CHECK(found.header.ranks == 4);
    CHECK(found.header.workers == 3);
    CHECK(found.header.simulated);
    CHECK(found.header.start_s == 0.1 + 0.2);
    CHECK(found.complete);
    all.push_back(event(Kind::end, 99));
    CHECK(found.events == all);
}

TEST_CASE("every field of a record survives") {
    const TemporaryRun run;
    Event full{1.25,       2.5,        Kind::compute, 3,  1ULL << 40,
               1ULL << 41, 1ULL << 42, 1ULL << 43,    77, Phase::exchange};
    write(run.file(0), {0, 4, 4, false, 0}, {full});
    CHECK(read_events(run.file(0)).events.front() == full);
    CHECK_FALSE(read_events(run.file(0)).header.simulated);
}

TEST_CASE("what a killed rank has written is there in whole records") {
    const TemporaryRun run;
    const std::size_t count = FileWriter::buffered_events + 3;
    const std::vector<Event> all = some_events(count);
    FileWriter writer(run.file(0), {0, 2, 2, true, 0});
    for (const Event& next : all) writer.add(next);
    // Not flushed: on disk is what one buffer held.
    RankEvents found = read_events(run.file(0));
    CHECK(found.events.size() == FileWriter::buffered_events);
    CHECK_FALSE(found.complete);
    // And in the middle of a record.
    fs::resize_file(run.file(0), fs::file_size(run.file(0)) - record_bytes - 1);
    found = read_events(run.file(0));
    CHECK(found.events.size() == FileWriter::buffered_events - 2);
    CHECK(found.events.back() == all[FileWriter::buffered_events - 3]);
}

TEST_CASE("a file is incomplete where something follows its last whole record") {
    const TemporaryRun run;
    write(run.file(0), {0, 1, 1, true, 0}, some_events(0));
    fs::resize_file(run.file(0), fs::file_size(run.file(0)) + 1);
    CHECK_FALSE(read_events(run.file(0)).complete);
}

TEST_CASE("the header can be known later than the file") {
    const TemporaryRun run;
    {
        FileWriter writer(run.file(0));
        CHECK(fs::file_size(run.file(0)) == 0);
        CHECK_THAT(refusal(run.file(0)), Catch::Matchers::ContainsSubstring("holds no event"));
        writer.begin({0, 1, 1, false, 7});
        writer.add(event(Kind::end, 8));
    }
    const RankEvents found = read_events(run.file(0));
    CHECK(found.header.start_s == 7);
    CHECK(found.complete);
}

TEST_CASE("a file of an earlier run is replaced") {
    const TemporaryRun run;
    write(run.file(0), {0, 2, 2, true, 1}, some_events(20));
    write(run.file(0), {0, 2, 2, true, 2}, some_events(1));
    CHECK(read_events(run.file(0)).header.start_s == 2);
    CHECK(read_events(run.file(0)).events.size() == 2);
}

TEST_CASE("a file that is none is refused, by name") {
    const TemporaryRun run;
    CHECK_THAT(refusal(run.file(0)), Catch::Matchers::ContainsSubstring("rank-0.events"));
    base::write_file_atomically(run.file(0), "no line end");
    CHECK_THAT(refusal(run.file(0)), Catch::Matchers::ContainsSubstring("ends within its first line"));
    base::write_file_atomically(run.file(0), "rank,activity\n0,compute\n");
    CHECK_THAT(refusal(run.file(0)), Catch::Matchers::ContainsSubstring("lockstep-events-1"));
}

TEST_CASE("another version, and a header that was edited, are refused") {
    const TemporaryRun run;
    const auto [old, with, message] = GENERATE(table<const char*, const char*, const char*>(
        {{"lockstep-events-1", "lockstep-events-2", "given 'lockstep-events-2'; allowed: lockstep-events-1"},
         {" ranks=2", " ranks=two", "ranks: given 'two'; allowed: a number"},
         {" workers=2", "", "no 'workers'"},
         {" start_s=1.5", " start_s=", "start_s: given ''"}}));
    CAPTURE(with);
    write(run.file(0), {0, 2, 2, true, 1.5}, some_events(3));
    replace(run.file(0), old, with);
    CHECK_THAT(refusal(run.file(0)), Catch::Matchers::ContainsSubstring(message));
    CHECK_THAT(refusal(run.file(0)), Catch::Matchers::ContainsSubstring("rank-0.events"));
}

TEST_CASE("a record that is none is refused, with its number") {
    const TemporaryRun run;
    std::vector<Event> all = some_events(3);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const int what = GENERATE(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    CAPTURE(what);
    if (what == 0) all[1].kind = static_cast<Kind>(kind_count);
    if (what == 1) all[1].peer = 2;
    if (what == 2) all[1].phase = static_cast<Phase>(2);
    if (what == 3) all[1].sequence = 1ULL << 60;
    if (what == 4) all[1].sequence = 4;  // the file has four records
    if (what == 5) all[1].begin_s = nan;
    if (what == 6) all[1] = event(Kind::compute, 0, 1e300);
    if (what == 7) all[1] = event(Kind::compute, 2, 1);
    if (what == 8) all[1] = event(Kind::clock, 0, nan);
    if (what == 9) all[1].peer = no_peer;
    write(run.file(0), {0, 2, 2, true, 0}, all);
    CHECK_THAT(refusal(run.file(0)), Catch::Matchers::ContainsSubstring("rank-0.events: record 1 is none"));

    write(run.file(1), {1, 2, 2, true, 0}, {});
    std::vector<std::string> problems;
    const std::vector<RankEvents> usable = read_usable_run_events(run.path, problems);
    REQUIRE(usable.size() == 2);
    CHECK(usable[0].events == std::vector{all[0]});
    CHECK_FALSE(usable[0].complete);
    CHECK(usable[1].complete);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0], Catch::Matchers::ContainsSubstring("record 1 is none") &&
                                Catch::Matchers::ContainsSubstring("1 events are shown"));
}

TEST_CASE("a file that goes on after its end is of two runs; up to there it can be shown") {
    const TemporaryRun run;
    const Event end = event(Kind::end, 3);
    const Event clock = event(Kind::clock, 4, 0.5);
    const auto [after, refused] =
        GENERATE_COPY(table<std::vector<Event>, std::size_t>({{{end}, 1},
                                                              {{clock, clock}, 2},
                                                              {{clock, end}, 2},
                                                              {some_events(2), 1},
                                                              {{clock, some_events(1)[0]}, 2}}));
    std::vector<Event> all{end};
    all.insert(all.end(), after.begin(), after.end());
    write(run.file(0), {0, 2, 2, true, 0}, all, false);
    CHECK_THAT(refusal(run.file(0)),
               Catch::Matchers::ContainsSubstring("rank-0.events: record " + std::to_string(refused) +
                                                  " comes after the end of its rank"));
    write(run.file(1), {1, 2, 2, true, 0}, {end, clock}, false);
    std::vector<std::string> problems;
    const std::vector<RankEvents> usable = read_usable_run_events(run.path, problems);
    REQUIRE(usable.size() == 2);
    CHECK(usable[0].events.size() == refused);
    CHECK_FALSE(usable[0].complete);
    CHECK(usable[1].complete);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0], Catch::Matchers::ContainsSubstring("two runs"));
}

TEST_CASE("a rank whose file cannot be read does not hide the others") {
    const TemporaryRun run;
    const int what = GENERATE(0, 1, 2);
    CAPTURE(what);
    for (const std::size_t rank : {0U, 1U, 2U}) {
        const double offset_s = rank == 1 ? 5 : 6;
        write(run.file(rank), {rank, 3, 3, false, 15 - offset_s}, {event(Kind::clock, 9, offset_s)});
    }
    if (what == 0) base::write_file_atomically(run.file(0), "");
    if (what == 1) fs::remove(run.file(0));
    if (what == 2) write(run.file(0), {2, 3, 3, false, 0}, {});
    CHECK_THROWS_AS(read_run_events(run.path), base::InputError);
    std::vector<std::string> problems;
    const std::vector<RankEvents> usable = read_usable_run_events(run.path, problems);
    REQUIRE(usable.size() == 3);
    for (const std::size_t rank : {0U, 1U, 2U}) CHECK(usable[rank].header.rank == rank);
    CHECK(usable[1].events.size() == 2);
    CHECK(usable[2].complete);
    CHECK(usable[0].events.empty());
    CHECK_FALSE(usable[0].complete);
    CHECK(usable[0].header.start_s == 15);  // by its own clock
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0], Catch::Matchers::ContainsSubstring("rank-0.events"));

    for (const std::size_t rank : {0U, 1U, 2U}) base::write_file_atomically(run.file(rank), "");
    CHECK_THROWS_WITH(read_usable_run_events(run.path, problems),
                      Catch::Matchers::ContainsSubstring("rank-0.events"));
}

TEST_CASE("of files that are missing a few are named and the rest counted, and not too many may be") {
    const TemporaryRun run;
    write(run.file(0), {0, 4097, 4097, false, 0}, {});
    std::vector<std::string> problems;
    CHECK(read_usable_run_events(run.path, problems).size() == 4097);
    REQUIRE(problems.size() == 5);
    CHECK_THAT(problems[0], Catch::Matchers::ContainsSubstring("rank-1.events: it is missing"));
    CHECK(problems.back() == "and 4092 more event files are missing");
    write(run.file(0), {0, 4098, 4098, false, 0}, {});
    CHECK_THROWS_WITH(read_usable_run_events(run.path, problems),
                      Catch::Matchers::ContainsSubstring("rank-0.events: it is of 4098 ranks"));
}

TEST_CASE("a real rank's events are on disk a second later, a simulated one's are not") {
    const TemporaryRun run;
    const bool simulated = GENERATE(false, true);
    FileWriter writer(run.file(0), {0, 1, 1, simulated, 100});
    writer.add(event(Kind::compute, 100, 100.5));
    writer.add(event(Kind::clock, 100.5, 1e6));  // an offset is no time
    CHECK(read_events(run.file(0)).events.empty());
    writer.add(event(Kind::compute, 100.5, 101.5));
    CHECK(read_events(run.file(0)).events.size() == (simulated ? 0 : 3));
    writer.add(event(Kind::evaluate, 102));
    CHECK(read_events(run.file(0)).events.size() == (simulated ? 0 : 3));
    writer.add(event(Kind::evaluate, 102.75));
    CHECK(read_events(run.file(0)).events.size() == (simulated ? 0 : 5));
}

TEST_CASE("a run's files are read by rank; a foreign or missing one is refused") {
    const TemporaryRun run;
    for (const std::size_t rank : {0U, 1U}) write(run.file(rank), {rank, 2, 2, true, 0}, some_events(rank));
    const std::vector<RankEvents> all = read_run_events(run.path);
    REQUIRE(all.size() == 2);
    CHECK(all[1].events.size() == 2);

    write(run.file(1), {1, 3, 2, true, 0}, {});  // of a larger run
    CHECK_THROWS_WITH(read_run_events(run.path), Catch::Matchers::ContainsSubstring("rank-1.events"));
    write(run.file(1), {1, 2, 2, false, 0}, {});  // of the other world
    CHECK_THROWS_WITH(read_run_events(run.path), Catch::Matchers::ContainsSubstring("rank-1.events"));
    write(run.file(1), {0, 2, 2, true, 0}, {});  // of another rank
    CHECK_THROWS_WITH(read_run_events(run.path), Catch::Matchers::ContainsSubstring("rank-1.events"));
    fs::remove(run.file(1));
    CHECK_THROWS_AS(read_run_events(run.path), base::InputError);
}

TEST_CASE("where the disk refuses, the error names the file") {
    CHECK_THROWS_AS(FileWriter("/no/such/folder/rank-0.events", Header{}), base::EnvironmentError);
    CHECK_THROWS_WITH(FileWriter("/no/such/folder/rank-0.events"),
                      Catch::Matchers::ContainsSubstring("/no/such/folder"));
}

TEST_CASE("an earlier run's event files are removed, and nothing else") {
    const TemporaryRun run;
    for (const std::size_t rank : {0U, 1U, 12U}) write(run.file(rank), {rank, 13, 13, true, 0}, {});
    remove_event_files(run.path);
    CHECK_FALSE(fs::exists(run.path / "events"));
    remove_event_files(run.path);

    fs::create_directories(run.path / "events");
    write(run.file(0), {0, 1, 1, true, 0}, {});
    base::write_file_atomically(run.path / "events" / "notes.txt", "mine");
    remove_event_files(run.path);
    CHECK_FALSE(fs::exists(run.file(0)));
    CHECK(fs::exists(run.path / "events" / "notes.txt"));
}
