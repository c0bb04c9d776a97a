// What is found of wires whose law is known, by samples that are made up.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/units.hpp"
#include "calibration/findings.hpp"
#include "calibration/settings.hpp"
#include "calibration/warnings.hpp"
#include "tests/support/catch.hpp"

namespace test_wire {

using namespace lockstep;
using calibration::Findings;
using calibration::Measurements;

namespace {

constexpr double alpha_s = 60e-6;
constexpr double bandwidth_Bps = 5e6;  // 40 Mbit/s
constexpr std::size_t burst = 16384;
constexpr std::size_t model = 203530;

/// A line, and nothing else.
double plain(double bytes) {
    return alpha_s + bytes / bandwidth_Bps;
}

/// A shaper that has let nobody through for a while lets so much through at once: the line's intercept is
/// negative.
double with_burst(double bytes) {
    return alpha_s + bytes / 1e9 + std::max(bytes - burst, 0.0) / bandwidth_Bps;
}

/// Twice as fast a byte for large messages.
double faster_from_64_KiB(double bytes) {
    return bytes < 65536 ? plain(bytes) : 2 * alpha_s + bytes / bandwidth_Bps / 2;
}

struct Wire {
    double (*law)(double bytes) = plain;
    std::size_t largest = 98304;
    std::size_t repeats = 15;
    double noise = 0.01;     ///< relative
    double both_ways = 1;    ///< by how much longer an exchange takes
    std::uint64_t seed = 1;  ///< of the noise
};

std::vector<std::size_t> sizes_of(const Wire& wire, const calibration::RunSizes& run) {
    std::vector<std::size_t> sizes;
    for (std::size_t bytes = 1; bytes <= wire.largest; bytes *= 2) sizes.push_back(bytes);
    sizes.insert(sizes.end(), run.all.begin(), run.all.end());
    std::ranges::sort(sizes);
    return sizes;
}

Measurements measured(const Wire& wire, const calibration::RunSizes& run) {
    base::RandomStream stream(wire.seed, base::Purpose::test);
    calibration::PairSamples pair{0, 1, false, {true, true}, run.usual, {}};
    for (const std::size_t bytes : sizes_of(wire, run)) {
        calibration::SizeSamples size{bytes, 0, {}};
        for (std::size_t i = 0; i < wire.repeats; ++i) {
            const double time_s =
                wire.law(static_cast<double>(bytes)) * (1 + wire.noise * stream.uniform(-1, 1));
            const double both_s = alpha_s + (time_s - alpha_s) * wire.both_ways;
            size.samples.push_back({time_s, 0, 0, both_s, false});
        }
        pair.sizes.push_back(size);
    }
    Measurements all;
    all.work.resize(2);
    all.work[1].host = "another";
    all.pairs.push_back(pair);
    return all;
}

Findings found_on(const Measurements& measurements, const calibration::RunSizes& run) {
    Findings found;
    found.run_sizes = run;
    std::vector<const calibration::PairSamples*> pairs;
    for (const calibration::PairSamples& pair : measurements.pairs) pairs.push_back(&pair);
    found.messages.push_back(calibration::find_message_cost(calibration::remote_kind, pairs, run.all));
    found.messages.back().simulated =
        calibration::residuals(calibration::simulated_cost(found.messages.back(), run),
                               calibration::one_way_times(found.messages.back()));
    found.send_ahead = calibration::find_send_ahead(measurements.fan_out);
    found.settings = calibration::settings_of(found, measurements.work);
    found.intervals = calibration::intervals_of(found, measurements, 1);
    calibration::add_warnings(found, measurements);
    return found;
}

double simulated_s(const Findings& found, std::size_t bytes) {
    return calibration::simulated_cost(found.messages.back(), found.run_sizes)
        .time_s(static_cast<double>(bytes));
}

const calibration::SettingInterval& interval_of(const Findings& found, const std::string& key) {
    const auto interval = std::ranges::find(found.intervals, key, &calibration::SettingInterval::key);
    REQUIRE(interval != found.intervals.end());
    return *interval;
}

bool contains(const Findings& found, const std::string& key, double value) {
    const calibration::SettingInterval& interval = interval_of(found, key);
    const auto parse = [&](const std::string& text) {
        return key == "latency" ? base::parse_time_s("", text) : base::parse_bandwidth_Bps("", text);
    };
    CHECK(parse(interval.lower) <= parse(interval.upper));
    return parse(interval.lower) <= value && value <= parse(interval.upper);
}

}  // namespace

TEST_CASE(
    "messages of the sizes that a run sends take in a simulation what they took on a wire with bursts") {
    const auto usual = GENERATE(model, model / 2, model / 8);
    const calibration::RunSizes run{usual, {model / 8, model / 4, model / 2, model}};
    const Wire wire{.law = with_burst};
    const Findings found = found_on(measured(wire, run), run);
    CAPTURE(usual);
    CHECK(simulated_s(found, usual) == Approx(with_burst(static_cast<double>(usual))).epsilon(0.01));
    // Larger ones than the link is there for may be slower a byte, but none is faster.
    for (const std::size_t bytes : run.all)
        CHECK(simulated_s(found, bytes) > 0.99 * with_burst(static_cast<double>(bytes)));
    for (const std::size_t bytes : run.all)
        if (bytes >= usual)
            CHECK(simulated_s(found, bytes) == Approx(with_burst(static_cast<double>(bytes))).epsilon(0.01));
}

TEST_CASE("the bandwidth of a wire with bursts is not more than its largest messages show") {
    const calibration::RunSizes run{model, {model / 2, model}};
    const Findings found = found_on(measured({.law = with_burst}, run), run);
    const double best_Bps = model / (with_burst(model) - alpha_s);
    const double fitted_Bps =
        calibration::platform_of(found, std::vector<calibration::RankWork>(2)).bandwidth_Bps;
    CHECK(fitted_Bps < 1.015 * best_Bps);
    CHECK(fitted_Bps > 0.985 * best_Bps);
    CHECK(contains(found, "bandwidth", fitted_Bps));
}

TEST_CASE("a size that there was no time for goes on from the largest as these do") {
    const calibration::RunSizes measurable{model / 4, {model / 8, model / 4}};
    const calibration::RunSizes run{model, {model / 8, model / 4, model}};
    const Findings found = found_on(measured({.law = with_burst, .noise = 1e-4}, measurable), run);
    CHECK(simulated_s(found, model) == Approx(with_burst(model)).epsilon(0.03));
    const auto tells = [](const std::string& warning) {
        return warning.find("no time for sizes that the run sends") != std::string::npos;
    };
    CHECK(std::ranges::any_of(found.warnings, tells));
}

TEST_CASE("a network that is measured alone has messages of every size take what they took") {
    calibration::RunSizes run{model / 8, {model / 8}};
    const Wire wire{.law = faster_from_64_KiB, .largest = std::size_t{1} << 20U, .noise = 1e-3};
    const Measurements samples = measured(wire, run);
    const auto off_at = [&](const Findings& found, std::size_t bytes) {
        return std::abs(simulated_s(found, bytes) / wire.law(static_cast<double>(bytes)) - 1);
    };
    CHECK(off_at(found_on(samples, run), std::size_t{1} << 20U) > 0.1);  // the link is that of small ones
    run.is_example = true;
    const Findings found = found_on(samples, run);
    for (const std::size_t bytes : {4096UL, 25440UL, 100000UL, 952240UL, std::size_t{1} << 20U})
        CHECK(off_at(found, bytes) < 0.02);
    const auto platform = calibration::platform_of(found, samples.work);
    CHECK(platform.bandwidth_Bps == Approx(2 * bandwidth_Bps).epsilon(0.02));
    REQUIRE(platform.bandwidth_factor.starts_with("0:"));
    CHECK(std::stod(platform.bandwidth_factor.substr(2)) == Approx(0.5).epsilon(0.01));
}

TEST_CASE("a size that was not timed is guessed only where it is larger than all that were") {
    const calibration::RunSizes timed{model / 2, {model / 2}};
    const calibration::RunSizes run{model / 2, {model / 4, model / 2, model}};
    const Findings found = found_on(measured({.noise = 0}, timed), run);
    const auto count = [&](const std::string& part) {
        return std::ranges::count_if(found.warnings, [&](const std::string& warning) {
            return warning.find(part) != std::string::npos;
        });
    };
    CHECK(count("49.69 KiB; what they take follows from the pieces") == 1);
    CHECK(count("leaves them out: 198.8 KiB; what they take is guessed from 99.38 KiB") == 1);
}

TEST_CASE("one line stays one line, and its intervals hold what is true") {
    const calibration::RunSizes run{model, {model / 2, model}};
    int bandwidths_within = 0;
    int latencies_within = 0;
    constexpr std::uint64_t wires = 200;
    for (std::uint64_t seed = 1; seed <= wires; ++seed) {
        const Findings found = found_on(measured({.noise = 0.03, .seed = seed}, run), run);
        bandwidths_within += contains(found, "bandwidth", bandwidth_Bps) ? 1 : 0;
        latencies_within += contains(found, "latency", alpha_s - 16 / bandwidth_Bps) ? 1 : 0;
    }
    // Of intervals that hold what is true 95 times in 100, fewer than 180 do in 1 of 800 tests; of those that
    // do 85 times, as many do in 1 of 40.
    CHECK(bandwidths_within >= 180);
    CHECK(latencies_within >= 180);
    const Findings exact = found_on(measured({.noise = 0}, run), run);
    CHECK(exact.messages.back().exact_bytes.empty());
    CHECK(exact.messages.back().cost.segments.size() == 1);
    CHECK(exact.warnings.empty());
}

TEST_CASE("samples of a pair are alike: what pairs differ by is in the intervals") {
    const calibration::RunSizes run{model, {model / 2, model}};
    Measurements samples = measured({.noise = 1e-3}, run);
    for (const double factor : {1.1, 1.2}) {
        samples.pairs.push_back(samples.pairs.front());
        for (auto& size : samples.pairs.back().sizes)
            for (auto& sample : size.samples) sample.one_way_s *= factor;
    }
    const Findings found = found_on(samples, run);
    for (const double factor : {1.003, 1.1, 1.197})
        CHECK(contains(found, "bandwidth", bandwidth_Bps / factor));
}

TEST_CASE("one sample has no interval, and samples that agree have one without width") {
    const calibration::RunSizes run{model, {model / 2, model}};
    const Findings one = found_on(measured({.repeats = 1}, run), run);
    const Findings exact = found_on(measured({.repeats = 3, .noise = 0}, run), run);
    for (const char* key : {"latency", "bandwidth", "duplex"}) {
        CAPTURE(key);
        CHECK(interval_of(one, key).lower.empty());
        CHECK(interval_of(one, key).upper.empty());
        CHECK_FALSE(interval_of(exact, key).lower.empty());
        CHECK(interval_of(exact, key).lower == interval_of(exact, key).upper);
    }
}

TEST_CASE("what has no value has no interval, and no end is outside what its option allows") {
    Measurements samples;
    samples.work.resize(2);
    Findings found;
    found.steps.resize(2);
    found.variability.empirical = "none";
    found.speed_flops = {1e9, 0.5, 2e9};
    found.first_use_s_per_byte = {1e-22, 0, 1e-21};  // a rounding error
    found.settings = calibration::settings_of(found, samples.work);
    found.intervals = calibration::intervals_of(found, samples, 1);
    REQUIRE(found.intervals.size() == 1);
    CHECK(interval_of(found, "speed").lower == "1f");
    CHECK(interval_of(found, "speed").upper == "2Gf");
}

TEST_CASE("what both directions lose when both are in use is in the settings, also where it is little") {
    const calibration::RunSizes run{model, {model / 2, model}};
    const auto duplex_at = [&](double both_ways) {
        const auto samples = measured({.noise = 0.002, .both_ways = both_ways}, run);
        return calibration::platform_of(found_on(samples, run), samples.work).duplex;
    };
    CHECK(duplex_at(1) == 2);
    CHECK(duplex_at(1.01) == 2);
    CHECK(duplex_at(1.06) == Approx(2 / 1.06).epsilon(0.01));
    CHECK(duplex_at(1.5) == Approx(2 / 1.5).epsilon(0.01));
    CHECK(duplex_at(2.5) == 1);
}

TEST_CASE("an eager limit lies between the last size that left early and the first that did not") {
    const calibration::RunSizes run{model, {model}};
    Measurements samples = measured({}, run);
    for (auto& size : samples.pairs.front().sizes)
        for (auto& sample : size.samples) sample.left_early = size.bytes < 3000;
    const Findings found = found_on(samples, run);
    const auto interval =
        std::ranges::find(found.intervals, "eager-limit", &calibration::SettingInterval::key);
    REQUIRE(interval != found.intervals.end());
    CHECK(base::parse_size_B("", interval->lower) == 2048);
    CHECK(base::parse_size_B("", interval->upper) == 4096);
}

TEST_CASE("what a host sends ahead is the median, from what no sharing shows on, and never more than all") {
    const calibration::RunSizes run{model, {model}};
    Measurements samples = measured({}, run);
    const auto warns = [](const Findings& found) {
        return std::ranges::any_of(found.warnings, [](const std::string& warning) {
            return warning.find("send-ahead is uncertain") != std::string::npos;
        });
    };
    const auto found_of = [&](const std::vector<double>& shares) {
        samples.fan_out = {model, shares};
        return found_on(samples, run);
    };
    const auto setting = [](const Findings& found) {
        for (const auto& [key, value] : found.settings)
            if (key == "send-ahead") return value;
        return std::string("-");
    };
    CHECK(setting(found_of({})) == "-");
    const Findings queue = found_of({0.95, 0.85, 1.05});
    CHECK(setting(queue) == "0.95");
    CHECK(interval_of(queue, "send-ahead").lower == "0.85");
    CHECK(interval_of(queue, "send-ahead").upper == "1");
    CHECK_FALSE(warns(queue));
    CHECK(setting(found_of({1.1, 1.2, 1.05})) == "1");
    CHECK(interval_of(found_of({0.8}), "send-ahead").lower.empty());
    const Findings shared = found_of({0.2, 0.4, 0.3});
    CHECK(setting(shared) == "0");
    CHECK(std::ranges::none_of(shared.intervals,
                               [](const auto& interval) { return interval.key == "send-ahead"; }));
    CHECK_FALSE(warns(shared));
    const Findings scattered = found_of({0.3, 0.6, 0.5});
    CHECK(setting(scattered) == "0.5");
    CHECK(warns(scattered));
    CHECK(warns(found_of({0.3, 0.6, 0.4})));
}

}  // namespace test_wire
