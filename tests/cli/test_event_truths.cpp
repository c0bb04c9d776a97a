// What --events full of the programs leaves, held against result.json: the same times, bytes and updates, in
// both worlds.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/file.hpp"
#include "events/timeline.hpp"
#include "result/json.hpp"
#include "tests/cli/event_checks.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/events/temporary_run.hpp"

using namespace lockstep;
using namespace lockstep::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* small = "--train-samples 600 --test-samples 100 --epochs 2 --batch 20";

bool is_built(const std::string& world) {
    return fs::exists(fmt::format("{}/lockstep-{}", BIN, world));
}

/// Of a run that ends well.
result::Result run(const std::string& world, const std::string& words, const std::string& events,
                   const fs::path& out) {
    const std::string command =
        fmt::format("'{}/lockstep' {} {} {} --events {} --out '{}' --format csv > '{}'", BIN, world, small,
                    words, events, out.string(), (out / "printed").string());
    CAPTURE(command);
    REQUIRE(std::system(command.c_str()) == 0);
    const std::string file = (out / "result.json").string();
    return result::from_json(base::read_file(file), file);
}

}  // namespace

TEST_CASE("simulated: events say what the result says, and change nothing") {
    if (!is_built("sim")) return;
    const std::string words = GENERATE(
        as<std::string>(), "--method sync-average --workers 4",
        "--method sync-average --workers 3 --collective ring",
        "--method by-arrival --workers 3 --variability lognormal:0.5", "--method in-turn --workers 3",
        "--method local-sgd --workers 4", "--method gossip --workers 4 --variability lognormal:0.5",
        "--method allreduce --workers 3 --collective ring --buckets 4 --hidden 30",
        "--method ad-psgd --workers 4 --variability lognormal:0.5",
        "--method by-arrival --workers 3 --message-overhead 20us --copy-bandwidth "
        "1GBps --receive-bandwidth 1GBps --eager-limit 1MB "
        "--straggler worker=1,factor=3,from=1ms,to=3ms "
        "--pause worker=2,every=1ms,for=200us --vector-speed 1Gf");
    CAPTURE(words);
    const TemporaryRun folder;
    const result::Result result = run("sim", words, "full", folder.path);
    const std::vector<events::RankEvents> ranks = events::read_run_events(folder.path);
    const events::Timeline timeline = events::make_timeline(ranks);
    CHECK(timeline.simulated);
    CHECK(timeline.clocks.uncertainty_s == 0);
    CHECK(timeline.clocks.too_early == 0);
    check_times(ranks, result, 1e-9);
    const double end_s = std::ranges::max_element(timeline.tracks, {}, &events::Track::end_s)->end_s;
    CHECK(end_s == Approx(result.summary.elapsed_s).margin(1e-9));
    check_elapsed(ranks, result);
    check_bytes(ranks, result);
    check_updates(ranks, result);
    check_rounds(timeline, result);
    check_no_overlap(timeline, 1e-12);
    check_activities(timeline, folder.path / "activities.csv");
    for (const char* events : {"none", "summary"}) {
        const result::Result other = run("sim", words, events, folder.path);
        CAPTURE(events);
        CHECK(other.summary.parameters_digest == result.summary.parameters_digest);
        CHECK(other.summary.elapsed_s == result.summary.elapsed_s);
        CHECK_FALSE(fs::exists(folder.path / "events"));
    }
}

TEST_CASE("simulated: the library's own collective is one activity") {
    if (!is_built("sim")) return;
    const TemporaryRun folder;
    const result::Result result =
        run("sim", "--method sync-average --workers 3 --collective library", "full", folder.path);
    const events::Timeline timeline = events::make_timeline(events::read_run_events(folder.path));
    check_times(events::read_run_events(folder.path), result, 1e-9);
    check_activities(timeline, folder.path / "activities.csv");
    CHECK(timeline.messages.empty());
}

TEST_CASE("simulated: a worker that fails leaves what it has done, and a standstill has an end") {
    if (!is_built("sim")) return;
    const TemporaryRun folder;
    const result::Result result =
        run("sim", "--method sync-average --workers 3 --failure worker=1,at=1ms", "full", folder.path);
    CHECK(result.summary.outcome == result::Outcome::stalled);
    const std::vector<events::RankEvents> ranks = events::read_run_events(folder.path);
    check_elapsed(ranks, result);
    const events::Timeline timeline = events::make_timeline(ranks);
    const auto waits = totals_in(folder.path / "activities.csv");
    for (const events::Track& track : timeline.tracks) {
        CAPTURE(track.rank);
        CHECK(track.complete);
        CHECK(waits.at({track.rank, "wait"}) ==
              Approx(result.workers[track.rank].wait_s).epsilon(0).margin(1e-9));
        CHECK(sums_of(track).compute_s ==
              Approx(result.workers[track.rank].compute_s).epsilon(0).margin(1e-9));
    }
    for (const events::Span& span : timeline.tracks[1].spans)
        if (span.activity == events::Activity::compute) CHECK(span.end_s <= 1e-3 + 1e-12);
    CHECK_FALSE(timeline.tracks[1].spans.empty());
}

TEST_CASE("simulated: a run that diverges is recorded like any other") {
    if (!is_built("sim")) return;
    const TemporaryRun folder;
    const result::Result result =
        run("sim", "--method sync-average --workers 2 --lr 1e38 --hidden 30 --activation relu", "full",
            folder.path);
    CHECK(result.summary.outcome == result::Outcome::diverged);
    check_times(events::read_run_events(folder.path), result, 1e-9);
}

TEST_CASE("real: events say what the result says, and change nothing") {
    if (!is_built("real")) return;
    const std::string words = GENERATE(
        as<std::string>(), "--method sync-average --workers 2",
        "--method sync-average --workers 3 --collective ring", "--method by-arrival --workers 2",
        "--method in-turn --workers 3", "--method local-sgd --workers 2", "--method gossip --workers 3",
        "--method sync-average --workers 2 --emulate-speed 50Mf --pause worker=1,every=10ms,for=2ms");
    CAPTURE(words);
    const TemporaryRun folder;
    const result::Result result = run("real", words, "full", folder.path);
    const std::vector<events::RankEvents> ranks = events::read_run_events(folder.path);
    const events::Timeline timeline = events::make_timeline(ranks);
    CHECK_FALSE(timeline.simulated);
    CHECK(timeline.clocks.uncertainty_s > 0);
    CHECK(timeline.clocks.without_end == 0);
    for (const events::RankEvents& rank : ranks) {
        CHECK(rank.events.front().kind == events::Kind::clock);
        CHECK(rank.events.back().kind == events::Kind::clock);
    }
    check_times(ranks, result, 0.01);
    check_elapsed(ranks, result);
    check_clocks(ranks);
    check_bytes(ranks, result);
    check_updates(ranks, result);
    check_rounds(timeline, result);
    // A linear offset between two measurements stretches a span by at most what both do not know.
    check_no_overlap(timeline, 1e-6 + 2 * timeline.clocks.uncertainty_s);
    check_activities(timeline, folder.path / "activities.csv");
    const result::Result without = run("real", words, "none", folder.path);
    CHECK_FALSE(fs::exists(folder.path / "events"));
    if (scenario::is_deterministic(result.config))
        CHECK(without.summary.parameters_digest == result.summary.parameters_digest);
}
