#include <limits>

#include "base/error.hpp"
#include "scenario/validate.hpp"
#include "scenario/world_check.hpp"
#include "temporary_file.hpp"
#include "tests/support/catch.hpp"

namespace test_validate {

using namespace lockstep::scenario;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
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

TEST_CASE("a platform is one file, or calibrations of a network and of steps") {
    using Files = std::vector<std::string>;
    Config config;
    const auto files = [&](const std::string& platform) {
        config.platform = platform;
        return platform_files(config);
    };
    CHECK(files("").empty());
    CHECK(files("a.xml") == Files{"a.xml"});
    CHECK(files("a,b.xml") == Files{"a,b.xml"});
    CHECK(files("a.json") == Files{"a.json"});
    CHECK(files("a.json,b/c.json") == Files{"a.json", "b/c.json"});
    CHECK(files("a,b.json") == Files{"a,b.json"});
}

TEST_CASE("the defaults are valid") {
    CHECK_NOTHROW(validate(Config{}));
}

TEST_CASE("values that no user wrote are checked against the same ranges") {
    Config config;
    config.lr = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(validate(config), ContainsSubstring("--lr: given 'nan'"));
    config = {};
    config.workers = 0;
    CHECK_THROWS_WITH(validate(config),
                      ContainsSubstring("--workers: given '0'") && ContainsSubstring("1 to 65536"));
    config = {};
    config.speed_flops = 0;
    CHECK_THROWS_WITH(validate(config), ContainsSubstring("--speed"));
    config = {};
    config.latency_s = std::numeric_limits<double>::infinity();
    CHECK_THROWS_AS(validate(config), InputError);
}

TEST_CASE("what is wrong with a key of a file names the file, unless the command line gave it") {
    const TemporaryFile file("a.ini", "target-loss = 0.5\ntarget-accuracy = 0.9\nplatform = none.xml\n");
    using Catch::Matchers::StartsWith;
    CHECK_THAT(refusal({file.path()}), StartsWith(file.path() + ": target-loss: given '0.5'"));
    CHECK_THAT(refusal({file.path(), "--target-loss", "0.6"}), StartsWith("--target-loss: given '0.6'"));
    CHECK_THAT(refusal({file.path(), "--target-loss", "none"}),
               StartsWith(file.path() + ": platform: none.xml: given 'No such file"));
}

TEST_CASE("pauses that recur too soon to be simulated are refused") {
    CHECK(refusal({"--pause", "worker=0,every=10us,for=1us"}) == "accepted");
    CHECK_THAT(
        refusal({"--pause", "worker=0,every=9us,for=1us"}),
        Equals(
            "--pause: given 'every=9us'; allowed: every=10us or more; each one takes its time to simulate"));
}

TEST_CASE("serial has one worker") {
    CHECK_THAT(refusal({"--workers", "4"}),
               ContainsSubstring("--workers: given '4'; allowed: 1 with --method serial"));
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
    CHECK_THAT(with("5Gf,5Gf"),
               ContainsSubstring("--speeds: given '2 speeds'") && ContainsSubstring("--workers, which is 3"));
}

TEST_CASE("what an identity or definition does not allow is refused by name") {
    const auto [words, first, then] = GENERATE(table<Words, const char*, const char*>({
        {{"--method", "sync-average", "--workers", "2", "--optimiser", "nesterov"},
         "--optimiser: given 'nesterov'",
         "sgd or momentum with --method sync-average"},
        {{"--method", "hierarchical", "--workers", "6", "--groups", "4"},
         "--groups: given '4'",
         "a divisor of --workers, which is 6"},
        {{"--method", "hierarchical", "--workers", "4", "--period", "5", "--group-period", "2"},
         "--period: given '5'",
         "a multiple of --group-period, which is 2"},
        {{"--method", "gossip", "--workers", "6", "--graph", "hypercube"},
         "--graph: given 'hypercube'",
         "a power of two"},
        {{"--method", "gossip", "--workers", "8", "--graph", "torus"}, "--graph: given 'torus'", "such as 9"},
        {{"--method", "easgd", "--workers", "8", "--elasticity", "0.3"},
         "--elasticity: given '0.3'",
         "at most 2 / workers, which is 0.25"},
        {{"--method", "backup-workers", "--workers", "4", "--compression", "top-k"},
         "--compression: given 'top-k'",
         "with --backup above 0"},
        {{"--method", "softsync", "--workers", "4", "--compression", "power-sgd", "--step-size",
          "staleness-aware"},
         "--compression: given 'power-sgd'",
         "staleness-aware"},
        {{"--method", "allreduce", "--workers", "4", "--buckets", "2"}, "--collective: given 'tree'", "ring"},
        {{"--momentum", "1", "--optimiser", "momentum"}, "--momentum: given '1'", "from 0, below 1"},
    }));
    CHECK_THAT(refusal(words), Catch::Matchers::StartsWith(first) && ContainsSubstring(then));
}

TEST_CASE("on the command line, a key without effect is refused with where it has one") {
    const auto [words, key, where] = GENERATE(table<Words, const char*, const char*>({
        {{"--method", "in-turn", "--collective", "ring"}, "--collective: given 'ring'", "sync-average"},
        {{"--collective", "ring"}, "--collective", "sync-average"},
        {{"--server", "dedicated"}, "--server: given 'dedicated'", "--method in-turn"},
        {{"--method", "sync-average", "--server", "none"}, "--server", "--method in-turn"},
        {{"--method", "by-arrival", "--server", "none"}, "--server: given 'none'", "by-arrival always"},
        {{"--update", "delta"}, "--update", "--method in-turn or by-arrival"},
        {{"--method", "in-turn", "--beta", "0.5"}, "--beta: given '0.5'", "--update mix"},
        {{"--method", "sync-average", "--beta", "0.5"}, "--beta", "--update mix"},
    }));
    CHECK_THAT(refusal(words), Catch::Matchers::StartsWith(key) && ContainsSubstring("applies only") &&
                                   ContainsSubstring(where));
}

TEST_CASE("keys with effect are accepted") {
    CHECK(refusal({"--method", "sync-average", "--workers", "2", "--collective", "ring"}) == "accepted");
    CHECK(refusal({"--method", "by-arrival", "--server", "dedicated", "--update", "mix", "--beta", "1"}) ==
          "accepted");
    CHECK(refusal({"--method", "in-turn", "--server", "none", "--update", "replace"}) == "accepted");
}

TEST_CASE("a compression is refused where it has no effect, and the library's collective where it has") {
    const auto with = [](Words words) {
        words.insert(words.begin(), {"--workers", "4"});
        return refusal(words);
    };
    for (const std::string method : {"sync-average", "local-sgd", "in-turn", "by-arrival", "gossip"})
        CHECK_THAT(
            with({"--method", method, "--compression", "sign"}),
            ContainsSubstring("--compression: given 'sign', but it applies only with --method allreduce"));
    for (const std::string compression : {"power-sgd", "fp16", "bf16"}) {
        const Words words{"--method", "allreduce", "--compression", compression, "--collective"};
        for (const std::string collective : {"ring", "library"}) {
            Words all = words;
            all.push_back(collective);
            if (collective == "ring")
                CHECK(with(all) == "accepted");
            else
                CHECK_THAT(with(all),
                           ContainsSubstring("--collective: given 'library'; allowed: the others with "
                                             "--compression " +
                                             compression));
        }
    }
    for (const std::string compression : {"top-k", "qsgd", "sign"})
        for (const std::string collective : {"ring", "library"})
            CHECK_THAT(
                with({"--method", "allreduce", "--compression", compression, "--collective", collective}),
                ContainsSubstring("--collective: given '" + collective + "', but it applies only") &&
                    ContainsSubstring("sends codes around a ring"));
    CHECK_THAT(with({"--method", "allreduce", "--compression", "qsgd", "--top-k", "0.1"}),
               ContainsSubstring("--top-k: given '0.1', but it applies only with --compression top-k"));
    CHECK(with({"--method", "allreduce", "--compression", "top-k", "--top-k", "0.1", "--optimiser",
                "nesterov"}) == "accepted");
    CHECK(with({"--method", "allreduce", "--collective", "library"}) == "accepted");
    CHECK_THAT(with({"--method", "bounded-staleness", "--servers", "2", "--compression", "fp16"}),
               ContainsSubstring("--servers: given '2'; allowed: 1 with --compression fp16"));
    for (const std::string compression : {"top-k", "power-sgd", "sign"}) {
        CHECK_THAT(with({"--method", "dc-asgd", "--compression", compression}),
                   ContainsSubstring("--compression: given '" + compression +
                                     "'; allowed: none, qsgd, fp16 or bf16 with --method dc-asgd"));
        CHECK(with({"--method", "softsync", "--compression", compression}) == "accepted");
    }
    CHECK(with({"--method", "dc-asgd", "--compression", "qsgd"}) == "accepted");
}

TEST_CASE("a file may hold keys for several methods") {
    const TemporaryFile file("a.ini", "collective = ring\nserver = dedicated\nupdate = delta\nbeta = 0.5\n");
    CHECK(refusal({file.path()}) == "accepted");
    CHECK(refusal({file.path(), "--method", "in-turn"}) == "accepted");
    CHECK_THAT(refusal({file.path(), "--method", "in-turn", "--beta", "0.3"}),
               Catch::Matchers::StartsWith("--beta"));
}

TEST_CASE("a platform file and keys of the generated platform contradict each other") {
    const TemporaryFile platform("p.xml", "<platform/>");
    const std::string star = GENERATE("speed=5Gf", "speeds=5Gf", "cores=2", "latency=1us", "bandwidth=1Gbps");
    CAPTURE(star);
    const std::string key = star.substr(0, star.find('='));
    CHECK_THAT(refusal({"--platform", platform.path(), "--" + star}),
               Catch::Matchers::StartsWith("--" + key + ": ") && ContainsSubstring("not with --platform"));
    const TemporaryFile both("a.ini", star + "\nplatform = " + platform.path() + "\n");
    CHECK_THAT(refusal({both.path()}),
               ContainsSubstring("a.ini: " + key + ": ") && ContainsSubstring("not with --platform"));
    const TemporaryFile only_star("b.ini", star + "\n");
    CHECK(refusal({only_star.path(), "--platform", platform.path()}) == "accepted");
    CHECK(refusal({"--platform", platform.path(), "--network-model", "LV08"}) == "accepted");
}

TEST_CASE("the platform file must be readable") {
    CHECK_THAT(refusal({"--platform", "missing.xml"}), ContainsSubstring("--platform") &&
                                                           ContainsSubstring("missing.xml") &&
                                                           ContainsSubstring("No such file"));
}

TEST_CASE("the output folder must be possible, and is not made before there is output") {
    const TemporaryFile file("taken", "");
    CHECK_THAT(refusal({"--out", file.path() + "/below"}),
               ContainsSubstring("--out: given") && ContainsSubstring("a folder that can be"));
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
                      ContainsSubstring("--numerics: given 'none'") && ContainsSubstring("lockstep sim"));
}

TEST_CASE("a platform to simulate is refused in the real world, unless a scenario file holds it") {
    Invocation invocation;
    invocation.config.latency_s = 1e-3;
    invocation.file_keys = {"latency"};
    CHECK_NOTHROW(require_real_world(invocation));
    invocation.command_line_keys = {"latency"};
    CHECK_THROWS_WITH(require_real_world(invocation), ContainsSubstring("--latency: given '1ms'") &&
                                                          ContainsSubstring("only in the simulated world"));
    invocation.command_line_keys = {"numerics", "batch"};
    CHECK_NOTHROW(require_real_world(invocation));
}

TEST_CASE("processors are for the real world where they are emulated, and emulated ones not for the other") {
    Invocation invocation;
    invocation.command_line_keys = {"variability"};
    CHECK_THROWS_WITH(require_real_world(invocation), ContainsSubstring("--variability") &&
                                                          ContainsSubstring("allowed: with --emulate-speed"));
    invocation.command_line_keys = {"speeds"};
    CHECK_NOTHROW(require_real_world(invocation));
    invocation.config.speed_multiples = {1, 1.5};
    CHECK_THROWS_WITH(require_real_world(invocation),
                      ContainsSubstring("--speeds: given '1.5'; allowed: multiples of at most 1"));
    invocation.config.emulate_speed_flops = 5e7;
    invocation.command_line_keys = {"speeds",      "server-speed",  "heterogeneity", "emulate-speed",
                                    "variability", "platform-seed", "straggler",     "pause"};
    CHECK_NOTHROW(require_real_world(invocation));
    for (const char* key : {"speed", "failure", "speed-profile", "cores", "latency"}) {
        invocation.command_line_keys = {key};
        CHECK_THROWS_WITH(require_real_world(invocation), ContainsSubstring("only in the simulated world"));
    }
    invocation.command_line_keys = {"speeds", "latency"};
    invocation.file_keys = {"emulate-speed"};
    CHECK_NOTHROW(require_simulated_world(invocation));
    invocation.command_line_keys = {"emulate-speed"};
    CHECK_THROWS_WITH(require_simulated_world(invocation),
                      ContainsSubstring("--emulate-speed: given '50Mf'; allowed: only in the real world"));
}

TEST_CASE("what servers cannot do is refused with the reason") {
    const auto with = [](const std::string& method, Words words) {
        words.insert(words.begin(), {"--workers", "4", "--method", method});
        return refusal(words);
    };
    CHECK_THAT(with("backup-workers", {"--backup", "4"}),
               ContainsSubstring("--backup: given '4'; allowed: at most 3") &&
                   ContainsSubstring("at least one gradient"));
    CHECK(with("backup-workers", {"--backup", "3"}) == "accepted");
    CHECK_THAT(with("softsync", {"--splitting", "5"}),
               ContainsSubstring("--splitting: given '5'; allowed: at most 4"));
    CHECK(with("softsync", {"--splitting", "4"}) == "accepted");
    CHECK_THAT(with("by-arrival", {"--push-every", "2", "--pull-every", "5"}),
               ContainsSubstring("--pull-every: given '5'; allowed: a multiple of --push-every, which is 2"));
    CHECK_THAT(with("by-arrival", {"--update", "mix", "--pull-every", "2"}),
               ContainsSubstring("--pull-every") && ContainsSubstring("unless --update is delta"));
    CHECK(with("by-arrival", {"--update", "mix", "--push-every", "2", "--pull-every", "2"}) == "accepted");
    for (const std::string method : {"in-turn", "by-arrival"}) {
        CHECK_THAT(with(method, {"--update", "replace", "--step-size", "staleness-aware"}),
                   ContainsSubstring(
                       "--step-size: given 'staleness-aware'; allowed: constant with --update replace"));
        CHECK(with(method, {"--update", "mix", "--step-size", "staleness-aware"}) == "accepted");
    }
    CHECK_THAT(with("softsync", {"--servers", "2"}),
               ContainsSubstring("--servers: given '2', but it applies only"));
    CHECK_THAT(with("easgd", {"--servers", "2"}), ContainsSubstring("easgd with --server dedicated"));
    CHECK(with("easgd", {"--servers", "2", "--server", "dedicated"}) == "accepted");
    CHECK_THAT(with("easgd", {"--step-size", "staleness-aware"}), ContainsSubstring("--step-size"));
    CHECK_THAT(with("dc-asgd", {"--compensation-decay", "0.9"}),
               ContainsSubstring("--compensation-rule adaptive"));
    CHECK_THAT(with("bounded-staleness", {"--staleness-bound", "few"}),
               ContainsSubstring("--staleness-bound"));
}

}  // namespace test_validate
