// Hosts of a platform file whose profile takes all of their speed, for a time or for good.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "backend/backend.hpp"
#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"

using namespace lockstep;
using result::Outcome;
using scenario::Config;
using scenario::Method;

namespace {

/// Two hosts of 1 Gf, the first with a profile of its speed.
class ProfiledPair {
  public:
    explicit ProfiledPair(const std::string& lines)
        : profile_(std::filesystem::temp_directory_path() / fmt::format("lockstep-{}.speed", ::getpid())),
          file_(fmt::format(R"(<host id="a" speed="1Gf" speed_file="{}"/><host id="b" speed="1Gf"/>
              <link id="l" bandwidth="125MBps" latency="50us"/><route src="a" dst="b"><link_ctn id="l"/></route>)",
                            profile_.filename().string())) {
        std::ofstream(profile_) << lines;
    }
    ~ProfiledPair() { std::filesystem::remove(profile_); }
    ProfiledPair(const ProfiledPair&) = delete;
    ProfiledPair& operator=(const ProfiledPair&) = delete;

    std::string path() const { return file_.path(); }

  private:
    std::filesystem::path profile_;
    simulation::PlatformFile file_;
};

/// When rank 0 has done so much work since the engine started, and rank 1 has heard of it; and how long the
/// first computed.
std::vector<double> moments(const std::string& path, double work_s) {
    Config config = support::star_of(2);
    config.platform = path;
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> vector(1);
        if (communicator.rank() == 1) communicator.receive(vector, 0);
        if (communicator.rank() == 1) return std::vector{communicator.now_s()};
        backend::compute(work_s * 1e9 - communicator.now_s() * 1e9, [] {});
        const double done_s = communicator.now_s();
        communicator.send(vector, 1);
        return std::vector{done_s, backend::resource_use().compute_s};
    });
    return {ranks[0][0], ranks[1][0], ranks[0][1]};
}

}  // namespace

TEST_CASE("a host that stands still for a time goes on afterwards, also when nothing else happens") {
    const auto [lines, work_s, done_s, computed_s] = GENERATE(table<std::string, double, double, double>({
        {"1.005 0\n1.009 1\n", 1.01, 1.014, 1.01},
        {"1.005 0.5\n", 1.01, 1.015, 1.015},
        {"1 0\n100 0.5\n101 0\n2000 1\n", 2, 2000.5, 2.5},
        {"0 1\n2 0\nLOOPAFTER 1\n", 10, 14, 10},
    }));
    CAPTURE(lines);
    const ProfiledPair pair(lines);
    const auto moments_s = moments(pair.path(), work_s);
    CHECK(moments_s[0] == Approx(done_s).epsilon(1e-9));
    CHECK(moments_s[1] == Approx(done_s + 50e-6).epsilon(1e-6));
    CHECK(moments_s[2] == Approx(computed_s).epsilon(1e-3));
}

TEST_CASE("a run on a host that stands still for good has stalled, when it began to stand") {
    const double from_s = GENERATE(0.0, 5e-3);
    const ProfiledPair pair(fmt::format("{} 0\n", from_s));
    Config config = simulation::steps_of(
        simulation::phantom(GENERATE(Method::sync_average, Method::by_arrival), 2, 1000, 1e6), 50);
    config.workers = config.method == Method::by_arrival ? 1 : 2;
    config.platform = pair.path();
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == Outcome::stalled);
    CHECK(result.summary.elapsed_s <= from_s + 2e-3);
    CHECK(result.summary.elapsed_s >= from_s - 2e-3);
    CHECK_FALSE(result.workers[0].completed);
    if (from_s > 0) CHECK(result.workers[0].steps > 0);
}
