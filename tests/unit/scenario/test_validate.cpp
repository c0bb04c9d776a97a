#include <limits>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "scenario/validate.hpp"
#include "temporary_file.hpp"

using namespace lockstep::scenario;
using Catch::Contains;
using lockstep::base::InputError;
using Words = std::vector<std::string>;

namespace {

std::string refusal(const Words& arguments) {
    try {
        validate(parse(arguments));
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("the defaults are valid") {
    CHECK_NOTHROW(validate(Config{}));
}

TEST_CASE("values that no user wrote are checked against the same ranges") {
    Config config;
    config.lr = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(validate(config), Contains("--lr: given 'nan'"));
    config = {};
    config.workers = 0;
    CHECK_THROWS_WITH(validate(config), Contains("--workers: given '0'") && Contains("1 to 65536"));
    config = {};
    config.speed_flops = 0;
    CHECK_THROWS_WITH(validate(config), Contains("--speed"));
    config = {};
    config.latency_s = std::numeric_limits<double>::infinity();
    CHECK_THROWS_AS(validate(config), InputError);
}

TEST_CASE("serial has one worker") {
    CHECK_THAT(refusal({"--workers", "4"}),
               Contains("--workers: given '4'; allowed: 1 with --method serial"));
    CHECK(refusal({"--workers", "4", "--method", "in-turn"}) == "accepted");
    CHECK(refusal({"--workers", "1", "--method", "sync-average"}) == "accepted");
}

TEST_CASE("as many speeds as workers") {
    const Words words{"--method", "in-turn", "--workers", "3", "--speeds"};
    const auto with = [&](const std::string& speeds) {
        Words all = words;
        all.push_back(speeds);
        return refusal(all);
    };
    CHECK(with("5Gf,5Gf,1Gf") == "accepted");
    CHECK_THAT(with("5Gf,5Gf"), Contains("--speeds: given '2 speeds'") && Contains("--workers, which is 3"));
}

TEST_CASE("on the command line, a key without effect is refused with where it has one") {
    const auto [words, key, where] = GENERATE(table<Words, const char*, const char*>({
        {{"--method", "in-turn", "--collective", "ring"},
         "--collective: given 'ring'",
         "--method sync-average"},
        {{"--collective", "ring"}, "--collective", "--method sync-average"},
        {{"--server", "dedicated"}, "--server: given 'dedicated'", "--method in-turn"},
        {{"--method", "sync-average", "--server", "none"}, "--server", "--method in-turn"},
        {{"--method", "by-arrival", "--server", "none"}, "--server: given 'none'", "by-arrival always"},
        {{"--update", "delta"}, "--update", "--method in-turn or by-arrival"},
        {{"--method", "in-turn", "--beta", "0.5"}, "--beta: given '0.5'", "--update mix"},
        {{"--method", "sync-average", "--beta", "0.5"}, "--beta", "--update mix"},
    }));
    CHECK_THAT(refusal(words), Catch::StartsWith(key) && Contains("applies only") && Contains(where));
}

TEST_CASE("keys with effect are accepted") {
    CHECK(refusal({"--method", "sync-average", "--workers", "2", "--collective", "ring"}) == "accepted");
    CHECK(refusal({"--method", "by-arrival", "--server", "dedicated", "--update", "mix", "--beta", "1"}) ==
          "accepted");
    CHECK(refusal({"--method", "in-turn", "--server", "none", "--update", "replace"}) == "accepted");
}

TEST_CASE("a file may hold keys for several methods") {
    const TemporaryFile file("a.ini", "collective = ring\nserver = dedicated\nupdate = delta\nbeta = 0.5\n");
    CHECK(refusal({file.path()}) == "accepted");
    CHECK(refusal({file.path(), "--method", "in-turn"}) == "accepted");
    CHECK_THAT(refusal({file.path(), "--method", "in-turn", "--beta", "0.3"}), Catch::StartsWith("--beta"));
}

TEST_CASE("a platform file and keys of the generated platform contradict each other") {
    const TemporaryFile platform("p.xml", "<platform/>");
    const std::string star = GENERATE("speed=5Gf", "speeds=5Gf", "cores=2", "latency=1us", "bandwidth=1Gbps");
    CAPTURE(star);
    const std::string key = star.substr(0, star.find('='));
    CHECK_THAT(refusal({"--platform", platform.path(), "--" + star}),
               Catch::StartsWith("--" + key + ": ") && Contains("not with --platform"));
    const TemporaryFile both("a.ini", star + "\nplatform = " + platform.path() + "\n");
    CHECK_THAT(refusal({both.path()}), Contains("a.ini: " + key + ": ") && Contains("not with --platform"));
    const TemporaryFile only_star("b.ini", star + "\n");
    CHECK(refusal({only_star.path(), "--platform", platform.path()}) == "accepted");
    CHECK(refusal({"--platform", platform.path(), "--network-model", "LV08"}) == "accepted");
}

TEST_CASE("the platform file must be readable") {
    CHECK_THAT(refusal({"--platform", "missing.xml"}),
               Contains("--platform") && Contains("missing.xml") && Contains("No such file"));
}

TEST_CASE("the output folder must be possible, and is not made before there is output") {
    const TemporaryFile file("taken", "");
    CHECK_THAT(refusal({"--out", file.path() + "/below"}),
               Contains("--out: given") && Contains("a folder that can be"));
    const auto fresh = file.folder() / "fresh";
    CHECK(refusal({"--out", fresh.string()}) == "accepted");
    CHECK_FALSE(std::filesystem::exists(fresh));
}

TEST_CASE("timing-only runs are refused in the real world") {
    Invocation invocation;
    CHECK_NOTHROW(require_real_world(invocation));
    invocation.config.numerics = Numerics::none;
    CHECK_NOTHROW(validate(invocation));
    CHECK_THROWS_AS(require_real_world(invocation), InputError);
    CHECK_THROWS_WITH(require_real_world(invocation),
                      Contains("--numerics: given 'none'") && Contains("lockstep sim"));
}

TEST_CASE("a platform to simulate is refused in the real world, unless a scenario file holds it") {
    Invocation invocation;
    invocation.config.latency_s = 1e-3;
    invocation.file_keys = {"latency"};
    CHECK_NOTHROW(require_real_world(invocation));
    invocation.command_line_keys = {"latency"};
    CHECK_THROWS_WITH(require_real_world(invocation),
                      Contains("--latency: given '1ms'") && Contains("only in the simulated world"));
    invocation.command_line_keys = {"numerics", "batch"};
    CHECK_NOTHROW(require_real_world(invocation));
}
