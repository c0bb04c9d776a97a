// A real run whose ranks are killed leaves event files that are read up to what was on disk.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "events/timeline.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/events/temporary_run.hpp"

using namespace lockstep;
namespace fs = std::filesystem;

namespace {

constexpr auto patience = std::chrono::seconds(60);
constexpr std::size_t buffered_events = events::FileWriter::buffered_events;

/// mpirun with two ranks that train as good as for ever, as fast as they can or at a speed.
pid_t start(const fs::path& out, const char* speed) {
    ::setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    ::setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    const std::string program = fmt::format("{}/lockstep-real", BIN);
    const std::string folder = out.string();
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // a test that is stopped leaves nothing behind
    ::freopen("/dev/null", "w", stdout);
    ::freopen("/dev/null", "w", stderr);
    ::execlp("mpirun", "mpirun", "-n", "2", "--oversubscribe", "--bind-to", "none", "--mca",
             "mpi_yield_when_idle", "1", program.c_str(), "--method", "sync-average", "--train-samples",
             "600", "--epochs", "1000000", "--events", "full", "--out", folder.c_str(),
             *speed == '\0' ? nullptr : "--emulate-speed", speed, nullptr);
    ::_exit(127);
}

bool has_written(const fs::path& file, std::size_t events) {
    std::error_code missing;
    const std::uintmax_t bytes = fs::file_size(file, missing);
    return !missing && bytes > events * sizeof(events::Event);
}

std::vector<pid_t> children_of(pid_t parent) {
    std::ifstream list(fmt::format("/proc/{0}/task/{0}/children", parent));
    std::vector<pid_t> children;
    for (pid_t child = 0; list >> child;) children.push_back(child);
    return children;
}

}  // namespace

TEST_CASE("a killed real run leaves readable events") {
    if (!fs::exists(fmt::format("{}/lockstep-real", BIN))) return;
    // With fast steps, and with slow ones, of which a second holds few events.
    const auto [speed, events_before] =
        GENERATE(table<const char*, std::size_t>({{"", buffered_events}, {"100Mf", 5}}));
    CAPTURE(speed);
    const test::TemporaryRun folder;
    const pid_t mpirun = start(folder.path, speed);
    REQUIRE(mpirun > 0);
    const auto give_up = std::chrono::steady_clock::now() + patience;
    const auto both_have_written = [&, events = events_before] {
        return has_written(folder.file(0), events) && has_written(folder.file(1), events);
    };
    while (!both_have_written() && std::chrono::steady_clock::now() < give_up)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const bool in_time = both_have_written();
    const std::vector<pid_t> ranks = children_of(mpirun);
    for (const pid_t rank : ranks) ::kill(rank, SIGKILL);
    if (ranks.empty()) ::kill(mpirun, SIGKILL);
    int status = 0;
    ::waitpid(mpirun, &status, 0);
    REQUIRE(in_time);
    CHECK(ranks.size() == 2);
    CHECK(status != 0);
    CHECK_FALSE(fs::exists(folder.path / "result.json"));

    const std::vector<events::RankEvents> all = events::read_run_events(folder.path);
    REQUIRE(all.size() == 2);
    for (const events::RankEvents& rank : all) {
        CHECK(rank.events.size() >= events_before);
        if (*speed != '\0') CHECK(rank.events.size() < buffered_events);
        CHECK_FALSE(rank.complete);
    }
    const events::Timeline timeline = events::make_timeline(all);
    CHECK(timeline.tracks[0].end_s > 0);
    CHECK_FALSE(timeline.messages.empty());
}
