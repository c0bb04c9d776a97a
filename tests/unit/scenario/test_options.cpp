#include <cmath>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "scenario/options/options.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::scenario;
using Catch::Matchers::ContainsSubstring;
using lockstep::base::InputError;

namespace {

void set(Config& config, const char* key, std::string_view text) {
    const Option* option = find_option(key);
    REQUIRE(option != nullptr);
    option->kind.set(config, std::string("--") + key, text);
}

std::string get(const Config& config, const char* key) {
    return find_option(key)->kind.get(config);
}

/// Reads back what every option renders.
Config round_trip(const Config& config) {
    Config copy;
    for (const Option& option : options()) option.kind.set(copy, "", option.kind.get(config));
    return copy;
}

/// A value other than the default for every option.
const std::map<std::string, std::string>& other_values() {
    static const std::map<std::string, std::string> values{
        {"method", "in-turn"},
        {"workers", "3"},
        {"collective", "recursive-doubling"},
        {"server", "dedicated"},
        {"update", "mix"},
        {"beta", "0.1"},
        {"period", "epoch"},
        {"synchronous-epochs", "0"},
        {"outer-optimiser", "sgd"},
        {"outer-lr", "1"},
        {"outer-momentum", "0.5"},
        {"slow-lr", "0.5"},
        {"slow-momentum", "0.25"},
        {"groups", "4"},
        {"group-period", "5"},
        {"backup", "2"},
        {"push-every", "4"},
        {"pull-every", "8"},
        {"staleness-bound", "none"},
        {"splitting", "2"},
        {"compensation", "0"},
        {"compensation-rule", "adaptive"},
        {"compensation-decay", "0.9"},
        {"elasticity", "0"},
        {"step-size", "staleness-aware"},
        {"servers", "3"},
        {"graph", "hypercube"},
        {"gossip-order", "adapt-then-combine"},
        {"compression", "power-sgd"},
        {"top-k", "0.1"},
        {"levels", "16"},
        {"compression-rank", "4"},
        {"buckets", "8"},
        {"replay", "recorded.order"},
        {"data", "mnist:some/folder"},
        {"train-samples", "1000"},
        {"test-samples", "100"},
        {"partition", "replicate"},
        {"model", "resnet-50"},
        {"parameters", "25.6M"},
        {"flops-per-sample", "4.1G"},
        {"hidden", "128,64"},
        {"activation", "relu"},
        {"loss", "squared-error"},
        {"batch", "all"},
        {"lr", "0.3"},
        {"lr-decay", "1"},
        {"optimiser", "nesterov"},
        {"momentum", "0.5"},
        {"epochs", "7"},
        {"seed", "18446744073709551615"},
        {"evaluate", "workers"},
        {"evaluations", "10"},
        {"target-accuracy", "0.92"},
        {"target-loss", "0.3"},
        {"time-budget", "2s"},
        {"speed", "1.5Tf"},
        {"speeds", "5Gf,5Gf,1Gf"},
        {"vector-speed", "2Gf"},
        {"code-speed", "3Gf"},
        {"update-speed", "4Gf"},
        {"copy-bandwidth", "8GBps"},
        {"duplex", "1.5"},
        {"send-ahead", "0.5"},
        {"receive-bandwidth", "9GBps"},
        {"server-speed", "1Tf"},
        {"heterogeneity", "uniform:0.5"},
        {"variability", "two-point:0.05,10"},
        {"platform-seed", "7"},
        {"straggler", "worker=3,factor=4,from=2s,to=10s;worker=1,factor=2"},
        {"pause", "worker=2,every=1s,for=50ms,from=3s"},
        {"failure", "worker=2,at=5s;worker=1,at=1s,back=8s"},
        {"speed-profile", "worker=0,file=a.txt"},
        {"workers-per-host", "2"},
        {"cores", "6"},
        {"memory", "8GiB"},
        {"idle-power", "50W"},
        {"busy-power", "100W"},
        {"emulate-speed", "50Mf"},
        {"topology", "two-clusters"},
        {"topology-shape", "2;4,4;1,2;1,2"},
        {"latency", "1.7ms"},
        {"latencies", "1ms,2ms"},
        {"bandwidth", "10Gbps"},
        {"bandwidths", "1Gbps,2Gbps"},
        {"server-latency", "1us"},
        {"server-bandwidth", "100Gbps"},
        {"backbone-latency", "3ms"},
        {"backbone-bandwidth", "2Gbps"},
        {"loopback-latency", "1us"},
        {"loopback-bandwidth", "5GBps"},
        {"platform", "cluster.xml"},
        {"hosts", "node-1:2,node-3"},
        {"hostfile", "hosts.txt"},
        {"network-model", "LV08"},
        {"latency-factor", "0:1.5;65536:1.1"},
        {"bandwidth-factor", "0.9"},
        {"sharing", "rtt"},
        {"jitter", "lognormal:0.2"},
        {"overlap-progress", "none"},
        {"eager-limit", "64KiB"},
        {"message-overhead", "20us"},
        {"link-idle-power", "1W"},
        {"link-busy-power", "2W"},
        {"numerics", "none"},
        {"threads", "2"},
        {"data-cache", "cache"},
        {"paje", "run.trace"},
        {"format", "csv"},
        {"out", "results"},
        {"record", "new.order"},
        {"events", "summary"},
        {"checkpoint", "kept"},
        {"checkpoint-every", "2epochs"},
        {"rank-timeout", "5s"},
        {"progress", "never"}};
    return values;
}

}  // namespace

TEST_CASE("every option changes something of its own, and renders what was written") {
    std::set<std::string> known;
    for (const Option& option : options()) {
        const std::string key(option.key);
        CAPTURE(key);
        CHECK(known.insert(key).second);
        REQUIRE(other_values().contains(key));
        Config config;
        option.kind.set(config, "", other_values().at(key));
        CHECK_FALSE(config == Config{});
        CHECK(option.kind.get(config) == other_values().at(key));
        option.kind.set(config, "", default_text(option));
        CHECK(config == Config{});
    }
    CHECK(known.size() == other_values().size());
}

TEST_CASE("rendered and read back, a configuration is the same") {
    CHECK(round_trip(Config{}) == Config{});
    Config config;
    for (const Option& option : options())
        option.kind.set(config, "", other_values().at(std::string(option.key)));
    CHECK(round_trip(config) == config);
    // Values that no unit renders shortly: each must still be the same double.
    for (const double value : {1.0 / 3, 0.1 + 0.2, 1e-9 / 7, std::nextafter(1.0, 2.0)}) {
        config.latency_s = config.lr = value;
        config.bandwidth_Bps = config.speed_flops = 1 + value;
        config.memory_B = 1e6 * (1 + value);
        config.speeds_flops = {1 + value / 3, 1e9 * (1 + value), 1e9};
        CHECK(round_trip(config) == config);
    }
}

TEST_CASE("speeds are absolute or multiples, and read back as they were written") {
    Config config;
    set(config, "speeds", "1,1,0.25");
    CHECK(config.speed_multiples == std::vector{1.0, 1.0, 0.25});
    CHECK(find_option("speeds")->kind.get(config) == "1,1,0.25");
    CHECK(round_trip(config) == config);
    set(config, "speeds", "5Gf,1Gf");
    CHECK(config.speeds_flops == std::vector{5e9, 1e9});
    CHECK(config.speed_multiples.empty());
    set(config, "speeds", "2");
    CHECK(config.speeds_flops.empty());
    CHECK(config.speed_multiples == std::vector{2.0});
    set(config, "speeds", "");
    CHECK(config == Config{});
}

TEST_CASE("quantities are rendered with the unit that makes them shortest") {
    CHECK(render_quantity(Quantity::time, 50e-6) == "50us");
    CHECK(render_quantity(Quantity::time, 0) == "0s");
    CHECK(render_quantity(Quantity::time, 0.25) == "0.25s");
    CHECK(render_quantity(Quantity::bandwidth, 1.25e8) == "1Gbps");
    CHECK(render_quantity(Quantity::speed, 5e9) == "5Gf");
    CHECK(render_quantity(Quantity::size, 65536) == "64KiB");
    CHECK(render_quantity(Quantity::size, 1e6) == "1MB");
    for (const double value : {5e-324, 1e-300 / 3, 1.7e308})
        CHECK(lockstep::base::parse_time_s("", render_quantity(Quantity::time, value)) == value);
}

TEST_CASE("names are read in upper or lower case") {
    Config config;
    for (const char* const text : {"smpi", "SMPI", "Smpi"}) {
        config.network_model = NetworkModel::cm02;
        set(config, "network-model", text);
        CHECK(config.network_model == NetworkModel::smpi);
    }
    set(config, "method", "Sync-Average");
    CHECK(config.method == Method("sync-average"));
}

TEST_CASE("the edges of every range are allowed") {
    Config config;
    for (const auto& [key, text] : std::vector<std::pair<const char*, const char*>>{
             {"workers", "1"},      {"workers", "65536"},     {"beta", "1"},          {"beta", "1e-300"},
             {"lr-decay", "1"},     {"lr", "1e300"},          {"epochs", "1000000"},  {"batch", "1"},
             {"seed", "0"},         {"speed", "1f"},          {"speed", "1000000Tf"}, {"speeds", "1f,1e6Tf"},
             {"memory", "1000kB"},  {"memory", "1000000GB"},  {"latency", "0us"},     {"latency", "60min"},
             {"bandwidth", "8bps"}, {"bandwidth", "1e6GBps"}, {"eager-limit", "0B"},  {"eager-limit", "1GB"},
             {"threads", "0"},      {"hidden", "65536"},      {"speeds", ""},         {"hidden", ""}}) {
        CAPTURE(key, text);
        CHECK_NOTHROW(set(config, key, text));
    }
    CHECK(get(config, "beta") == "1e-300");
}

TEST_CASE("a value that is not allowed is refused: option, value given, values allowed; nothing is set") {
    const auto [key, text, allowed] = GENERATE(table<const char*, const char*, const char*>({
        {"method", "async", "serial, allreduce, sync-average, local-sgd"},
        {"method", "", "serial, allreduce, sync-average, local-sgd"},
        {"workers", "0", "a whole number from 1 to 65536"},
        {"workers", "65537", "a whole number from 1 to 65536"},
        {"workers", "-1", "a whole number from 1 to 65536"},
        {"workers", "+2", "a whole number from 1 to 65536"},
        {"workers", "2.5", "a whole number from 1 to 65536"},
        {"workers", "two", "a whole number from 1 to 65536"},
        {"workers", " 2", "a whole number from 1 to 65536"},
        {"workers", "99999999999999999999", "a whole number from 1 to 65536"},
        {"collective", "star", "tree, ring, recursive-doubling, rabenseifner, flat, library"},
        {"server", "yes", "none, dedicated"},
        {"update", "add", "delta, mix, replace"},
        {"beta", "0", "above 0 and at most 1"},
        {"period", "0", "a whole number from 1 to 4294967295, epoch, or once"},
        {"period", "never", "a whole number from 1 to 4294967295, epoch, or once"},
        {"staleness-bound", "-1", "or none"},
        {"compensation", "-0.1", "a number from 0"},
        {"elasticity", "1.5", "a number from 0 to 1, or none"},
        {"top-k", "0", "above 0 and at most 1"},
        {"beta", "1.01", "above 0 and at most 1"},
        {"beta", "half", "above 0 and at most 1"},
        {"data", "", "digits, mnist:DIR, fashion-mnist:DIR"},
        {"train-samples", "0", "a whole number from 1 to 4294967295, or all"},
        {"test-samples", "none", "a whole number from 1 to 4294967295, or all"},
        {"partition", "split", "shard, replicate"},
        {"hidden", "0", "whole numbers from 1 to 65536"},
        {"hidden", "128,,64", "whole numbers from 1 to 65536"},
        {"hidden", "128,", "whole numbers from 1 to 65536"},
        {"hidden", ",", "whole numbers from 1 to 65536"},
        {"hidden", "65537", "whole numbers from 1 to 65536"},
        {"activation", "softplus", "sigmoid, tanh, relu"},
        {"loss", "mse", "cross-entropy, squared-error"},
        {"batch", "0", "a whole number from 1 to 4294967295, or all"},
        {"batch", "4294967296", "a whole number from 1 to 4294967295, or all"},
        {"lr", "0", "a number above 0"},
        {"lr", "-1", "a number above 0"},
        {"lr", "nan", "a number above 0"},
        {"lr", "inf", "a number above 0"},
        {"lr", "1e999", "a number above 0"},
        {"lr", "0,5", "a number above 0"},
        {"lr", "", "a number above 0"},
        {"lr-decay", "1.5", "above 0 and at most 1"},
        {"epochs", "0", "a whole number from 1 to 1000000"},
        {"seed", "-1", "a whole number from 0 to 2^64 - 1"},
        {"seed", "18446744073709551616", "a whole number from 0 to 2^64 - 1"},
        {"evaluate", "all", "shared, workers"},
        {"speed", "0Gf", "a speed from 1f to 1000000Tf with its unit (f, kf, Mf, Gf, Tf)"},
        {"speed", "1e-300f", "a speed from 1f to 1000000Tf"},
        {"speed", "1000001Tf", "a speed from 1f to 1000000Tf"},
        {"speed", "5", "f, kf, Mf, Gf, Tf"},
        {"speed", "5GHz", "f, kf, Mf, Gf, Tf"},
        {"cores", "0", "a whole number from 1 to 65536"},
        {"memory", "0B", "a size from 1MB to 1000000GB"},
        {"memory", "999kB", "a size from 1MB to 1000000GB"},
        {"memory", "1000001GB", "a size from 1MB to 1000000GB"},
        {"memory", "16", "B, kB, MB, GB, KiB, MiB, GiB"},
        {"latency", "50", "ns, us, ms, s, min, h"},
        {"latency", "-50us", "ns, us, ms, s, min, h"},
        {"latency", "61min", "a time from 0s to 1h"},
        {"latency", "1e300s", "a time from 0s to 1h"},
        {"latency", "50 us", "ns, us, ms, s, min, h"},
        {"bandwidth", "0bps", "a bandwidth from 1Bps to 1000000GBps"},
        {"bandwidth", "7bps", "a bandwidth from 1Bps to 1000000GBps"},
        {"bandwidth", "1000001GBps", "a bandwidth from 1Bps to 1000000GBps"},
        {"bandwidth", "1Gb", "bps, kbps, Mbps, Gbps, Bps, kBps, MBps, GBps"},
        {"network-model", "CM03", "CM02, LV08, SMPI"},
        {"eager-limit", "64k", "B, kB, MB, GB, KiB, MiB, GiB"},
        {"eager-limit", "1GiB", "a size from 0B to 1GB"},
        {"numerics", "off", "real, none"},
        {"threads", "4097", "a whole number from 0 to 4096"},
        {"format", "xml", "table, json, csv"},
        {"progress", "yes", "auto, always, never"},
    }));
    CAPTURE(key, text);
    Config config;
    CHECK_THROWS_AS(set(config, key, text), InputError);
    CHECK_THROWS_WITH(set(config, key, text), ContainsSubstring(fmt::format("--{}: ", key)) &&
                                                  ContainsSubstring(fmt::format("'{}'", text)) &&
                                                  ContainsSubstring(allowed));
    CHECK(config == Config{});
}

TEST_CASE("of a list of speeds the bad one is named") {
    Config config;
    CHECK_THROWS_WITH(set(config, "speeds", "5Gf,0f,1Gf"),
                      ContainsSubstring("--speeds") && ContainsSubstring("'0f'"));
    CHECK_THROWS_WITH(set(config, "speeds", "5Gf,1e-300f"),
                      ContainsSubstring("'1e-300f'") && ContainsSubstring("1f to 1000000Tf"));
    CHECK_THROWS_WITH(set(config, "speeds", "5Gf,7"),
                      ContainsSubstring("--speeds: given '5Gf,7'") &&
                          ContainsSubstring("give a unit to all of them, or to none"));
    CHECK_THROWS_WITH(set(config, "speeds", "1,0"),
                      ContainsSubstring("given '0'") && ContainsSubstring("numbers from 1e-06"));
    CHECK_THROWS_AS(set(config, "speeds", "1,1e-7"), InputError);
    CHECK_THROWS_AS(set(config, "speeds", "1,-1"), InputError);
    CHECK_THROWS_AS(set(config, "speeds", "1,"), InputError);
    CHECK(config.speed_multiples.empty());
    CHECK_THROWS_AS(set(config, "speeds", "5Gf,"), InputError);
    CHECK(config.speeds_flops.empty());
}

TEST_CASE("docs/formats/scenario.md lists every key with its default and range, in order") {
    std::ifstream file("docs/formats/scenario.md");
    REQUIRE(file);
    std::vector<std::string> documented;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("| `")) documented.push_back(line);
    REQUIRE(documented.size() == options().size());
    for (std::size_t i = 0; i < documented.size(); ++i) {
        const Option& option = options()[i];
        const std::string preset = default_text(option);
        const std::string start = fmt::format("| `{}` | {} |", option.key,
                                              preset.empty() ? "nothing" : fmt::format("`{}`", preset));
        CHECK_THAT(documented[i], Catch::Matchers::StartsWith(start));
        for (const std::string& name : option.kind.choices)
            CHECK_THAT(documented[i], ContainsSubstring(name));
        std::smatch range;
        if (std::regex_search(option.kind.allowed, range, std::regex("from ([^ ,]+ to [^ ,]+)")))
            CHECK_THAT(documented[i], ContainsSubstring(range.str(1)));
    }
}
