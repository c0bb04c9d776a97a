// Hosts and links of a platform file whose profile takes all of their speed or bandwidth, for a time or for
// good.
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "backend/backend.hpp"
#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_standing_hosts {

using namespace lockstep;
using Catch::Matchers::ContainsSubstring;
using result::Outcome;
using scenario::Config;
using scenario::Method;

namespace {

/// What has a profile.
enum class Of { host, link, unused_host };

/// Two hosts of 1 Gf, the first with a profile of its speed, or the link between them with one of its
/// bandwidth.
class ProfiledPair {
  public:
    explicit ProfiledPair(const std::string& lines, Of of = Of::host, const std::string& of_link = "")
        : profile_(std::filesystem::temp_directory_path() / fmt::format("lockstep-{}.speed", ::getpid())),
          file_(fmt::format(
              R"(<host id="a" speed="1Gf"{}/><host id="b" speed="1Gf"/><host id="c" speed="1Gf"{}/>
              <link id="l" bandwidth="125MBps" latency="50us"{}/><link id="m" bandwidth="125MBps" latency="0"/>
              <route src="a" dst="b"><link_ctn id="l"/><link_ctn id="m"/></route>
              <route src="a" dst="c"><link_ctn id="l"/></route><route src="b" dst="c"><link_ctn id="l"/></route>)",
              of == Of::host ? attribute("speed") : "", of == Of::unused_host ? attribute("speed") : "",
              (of == Of::link ? attribute("bandwidth") : "") + of_link)) {
        std::ofstream(profile_) << lines;
    }
    ~ProfiledPair() { std::filesystem::remove(profile_); }
    ProfiledPair(const ProfiledPair&) = delete;
    ProfiledPair& operator=(const ProfiledPair&) = delete;

    std::string path() const { return file_.path(); }

  private:
    std::string attribute(const std::string& of) const {
        return fmt::format(" {}_file='{}'", of, profile_.filename().string());
    }

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
        simulation::phantom(GENERATE(Method("sync-average"), Method("by-arrival")), 2, 1000, 1e6), 50);
    config.workers = config.method == Method("by-arrival") ? 1 : 2;
    config.platform = pair.path();
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == Outcome::stalled);
    CHECK(result.summary.elapsed_s <= from_s + 2e-3);
    CHECK(result.summary.elapsed_s >= from_s - 2e-3);
    CHECK_FALSE(result.workers[0].completed);
    if (from_s > 0) CHECK(result.workers[0].steps > 0);
}

TEST_CASE("a profile that repeats itself does not keep a standstill for ever") {
    const auto [lines, of] = GENERATE(table<std::string, Of>({
        {"0 0\nLOOPAFTER 1\n", Of::host},
        {"5e-3 0\n6e-3 0\nLOOPAFTER 1e-4\n", Of::host},
        {"5e-3 0\n6e-3 0\nLOOPAFTER 1e-4\n", Of::link},
        {"0 1\nLOOPAFTER 1e-3\n", Of::unused_host},
    }));
    CAPTURE(lines);
    const ProfiledPair pair(lines, of);
    Config config = simulation::steps_of(simulation::phantom(Method("sync-average"), 2, 1000, 1e6), 50);
    config.platform = pair.path();
    const auto result = simulation::whole_run(config);
    const bool is_used = of != Of::unused_host;
    CHECK(result.summary.outcome == (is_used ? Outcome::stalled : Outcome::finished));
    CHECK_THAT(result.summary.standstill,
               ContainsSubstring(of == Of::host   ? "host a has had no speed since "
                                 : of == Of::link ? "link l has had no bandwidth since 5 ms"
                                                  : ""));
}

/// By each network model, of which two weigh messages by bandwidths, and on each kind of link.
TEST_CASE("an outage of a link holds up what is under way, and what begins meanwhile") {
    constexpr std::size_t n = 250'000;  // 8 ms
    const auto model =
        GENERATE(scenario::NetworkModel::cm02, scenario::NetworkModel::lv08, scenario::NetworkModel::smpi);
    const std::string policy = GENERATE("", " sharing_policy='FATPIPE'");
    const double begin_s = GENERATE(0.5, 0.5035, 0.505);
    const auto end_s = [&](const ProfiledPair& pair) {
        Config config = support::star_of(2);
        config.platform = pair.path();
        config.network_model = model;
        return support::simulate_values(config, [&](comm::Communicator& communicator) {
            std::vector<float> vector(n);
            backend::compute((begin_s - communicator.now_s()) * 1e9, [] {});
            if (communicator.rank() == 0) communicator.send(vector, 1);
            if (communicator.rank() == 1) communicator.receive(vector, 0);
            return std::vector{communicator.now_s()};
        })[1][0];
    };
    const double usual_s = end_s(ProfiledPair("0 125000000\n", Of::link, policy));
    const double begun_late_s = std::max(0.0, begin_s - 0.504);
    CAPTURE(policy, begin_s);
    const double held_up_s = end_s(ProfiledPair("0.504 0\n0.6 125000000\n", Of::link, policy)) - usual_s;
    CHECK(held_up_s == Approx(0.096 - begun_late_s).margin(3e-3));
    if (model == scenario::NetworkModel::cm02 && begun_late_s == 0) CHECK(held_up_s == Approx(0.096));
    CHECK(end_s(ProfiledPair("0.504 0\n0.6 125000000\n1 0\n1.5 125000000\n", Of::link, policy)) - usual_s ==
          Approx(held_up_s));
}

TEST_CASE("a link without bandwidth for good is a stall, of a run with a result") {
    const ProfiledPair pair("5e-3 0\n", Of::link);
    Config config = simulation::steps_of(
        simulation::phantom(GENERATE(Method("sync-average"), Method("by-arrival"), Method("gossip")), 2, 1000,
                            1e6),
        50);
    config.network_model = GENERATE(scenario::NetworkModel::cm02, scenario::NetworkModel::smpi);
    if (config.method == Method("by-arrival")) config.workers = 1;
    config.platform = pair.path();
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == Outcome::stalled);
    CHECK(result.summary.standstill == "link l has had no bandwidth since 5 ms of the platform's time");
    CHECK(result.summary.elapsed_s <= 7e-3);
    CHECK(result.workers[0].steps > 0);
}

}  // namespace test_standing_hosts
