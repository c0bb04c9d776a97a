#include <cmath>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "study/validate/figures.hpp"
#include "study/validate/tables.hpp"
#include "study/validate/validation.hpp"
#include "tests/support/catch.hpp"
#include "validation_runs.hpp"

namespace test_validation {

using namespace lockstep;
using namespace lockstep::study;
using test::run_of;

namespace {

constexpr Criteria criteria{5, 5, 1000};

const Figure& find(const std::vector<Figure>& figures, std::string_view name) {
    for (const Figure& figure : figures)
        if (figure.name == name) return figure;
    throw std::out_of_range(std::string(name));
}

Validation assessed(const Run& measured, const Run& simulated) {
    return assess({measured}, {simulated}, criteria);
}

bool passed(const Validation& validation) {
    return validation.verdict() == Verdict::pass;
}

/// A method whose result depends on timing, with an accuracy.
Run asynchronous(double accuracy) {
    Run run = run_of(10);
    run.config.method = run.result->config.method = scenario::Method("by-arrival");
    run.result->summary.test_accuracy = accuracy;
    run.result->summary.mean_staleness = 1;
    run.result->staleness = {{1, 4}};
    return run;
}

}  // namespace

TEST_CASE("a simulation that is right passes in all that is judged") {
    const Validation validation = assessed(run_of(10), run_of(10));
    CHECK(passed(validation));
    for (const char* name : {"elapsed", "epoch time"})
        CHECK(find(validation.figures, name).verdict == Verdict::pass);
    for (const char* name : {"staleness", "loss", "accuracy"})
        CHECK(find(validation.figures, name).verdict == Verdict::shown);
    CHECK(validation.digests.verdict == Verdict::pass);
}

TEST_CASE("an error of the tolerance passes, a larger one of either sign does not") {
    CHECK(passed(assessed(run_of(100), run_of(105))));
    CHECK_FALSE(passed(assessed(run_of(100), run_of(105.1))));
    const Validation fast = assessed(run_of(100), run_of(94.9));
    CHECK(find(fast.figures, "elapsed").verdict == Verdict::fail);
    CHECK(find(fast.figures, "elapsed").error_percent == Approx(-5.1));
}

TEST_CASE("medians are compared, and the bias says how the single runs lie to them") {
    const Validation validation = assess({run_of(10), run_of(30), run_of(11)}, {run_of(11)}, criteria);
    const Figure& elapsed = find(validation.figures, "elapsed");
    CHECK(elapsed.error_percent == 0);
    CHECK(elapsed.bias_percent == Approx((10.0 - 100 * 19.0 / 30 + 0) / 3));
    CHECK(elapsed.measured.most == 30);
    CHECK(*elapsed.noise_percent == Approx(100 * 10.0 / 11));
    CHECK(elapsed.verdict == Verdict::inconclusive);
}

TEST_CASE("files have the interval of either median") {
    const Validation validation = assess({run_of(10), run_of(14)}, {run_of(11), run_of(12)}, criteria);
    const auto document = nlohmann::json::parse(to_json(validation));
    const auto& elapsed = document.at("figures").at(0);
    CHECK(elapsed.at("measured").at("interval_low") == 10);
    CHECK(elapsed.at("measured").at("interval_high") == 14);
    CHECK(elapsed.at("simulated").at("interval_low") == 11);
    CHECK(elapsed.at("simulated").at("interval_high") == 12);
    CHECK(to_csv(validation).find(",10,14,") != std::string::npos);
    CHECK(to_csv(validation).find(",11,12,") != std::string::npos);
}

TEST_CASE("epochs are judged together, each against the simulated one of its number") {
    Run measured = run_of(10);
    measured.result->history[1].elapsed_s = 4;  // epochs of 4 s and 6 s
    Run simulated = run_of(10);
    simulated.result->history[1].elapsed_s = 6;
    CHECK(epoch_times(*measured.result) == std::vector<double>{4, 6});
    const Validation validation = assessed(measured, simulated);
    REQUIRE(validation.epochs.size() == 2);
    CHECK(validation.epochs[0].error_percent == Approx(50));
    CHECK(validation.epochs[1].error_percent == Approx(-100.0 / 3));
    CHECK(*validation.epochs[0].of_elapsed_percent == Approx(20));
    const Figure& epoch_time = find(validation.figures, "epoch time");
    CHECK(epoch_time.error_percent == 0);
    CHECK(epoch_time.bias_percent == Approx((50 - 100.0 / 3) / 2));
}

TEST_CASE("measured runs further apart than the tolerance reaches decide only what noise cannot explain") {
    const auto verdict = [](std::vector<Run> measured, double simulated) {
        return assess(std::move(measured), {run_of(simulated)}, criteria).verdict();
    };
    // 100 s, known to 5 %, which is the tolerance.
    const std::vector<Run> quiet{run_of(95), run_of(100), run_of(105)};
    CHECK(verdict(quiet, 105) == Verdict::pass);
    CHECK(verdict(quiet, 105.1) == Verdict::fail);
    // Known to 6 %: what is up to 5 % beyond 94 or 106 s may be right.
    const std::vector<Run> noisy{run_of(94), run_of(100), run_of(106)};
    CHECK(verdict(noisy, 100) == Verdict::inconclusive);
    CHECK(verdict(noisy, 89) == Verdict::inconclusive);
    CHECK(verdict(noisy, 111) == Verdict::inconclusive);
    CHECK(verdict(noisy, 111.1) == Verdict::fail);
    CHECK(verdict(noisy, 88.9) == Verdict::fail);
}

TEST_CASE("of a skewed sample each end counts for itself") {
    const auto verdict = [](double simulated) {
        return assess({run_of(332), run_of(438), run_of(755)}, {run_of(simulated)}, criteria).verdict();
    };
    CHECK(verdict(247) == Verdict::fail);  // a quarter less than the least, and 44 % less than the median
    CHECK(verdict(332 - 21.8) == Verdict::inconclusive);
    CHECK(verdict(332 - 22) == Verdict::fail);
    CHECK(verdict(755 + 21.8) == Verdict::inconclusive);
    CHECK(verdict(755 + 22) == Verdict::fail);
}

TEST_CASE("from nine runs on one that is far off makes no noise") {
    std::vector<Run> measured(8, run_of(100));
    measured.push_back(run_of(130));
    CHECK(assess(measured, {run_of(104)}, criteria).verdict() == Verdict::pass);
    measured.erase(measured.begin());
    CHECK(assess(measured, {run_of(104)}, criteria).verdict() == Verdict::inconclusive);
}

TEST_CASE("what fails outweighs what noise leaves open") {
    Run other = run_of(106);
    other.result->summary.parameters_digest = "other";
    CHECK(assess({run_of(94), run_of(100), other}, {run_of(100)}, criteria).verdict() == Verdict::fail);
}

TEST_CASE("the noise of epoch times is that between runs, not between epochs of one") {
    const auto uneven = [](double first_s, double second_s) {
        Run run = run_of(first_s + second_s);
        run.result->history[1].elapsed_s = first_s;
        return run;
    };
    const Validation validation =
        assess({uneven(2, 8), uneven(2.5, 7.7), uneven(2, 8)}, {uneven(2, 8)}, criteria);
    const Figure& epoch_time = find(validation.figures, "epoch time");
    CHECK(epoch_time.measured.range() == Approx(6));
    CHECK(*epoch_time.noise_percent == Approx(1));  // medians of 5, 5.1 and 5 s
    CHECK_FALSE(find(assessed(run_of(10), run_of(10)).figures, "elapsed").noise_percent);
}

TEST_CASE("rows within an epoch and of single workers end no epoch") {
    Run run = run_of(10);
    auto& history = run.result->history;
    history.insert(history.begin() + 1, {0.5, std::nullopt, 1, 0, 0, 0, 0, 0, 0});
    history.insert(history.begin() + 1, {1, 1, 2, 0, 0, 0, 0, 0, 0});
    CHECK(epoch_times(*run.result) == std::vector<double>{5, 5});
}

TEST_CASE("phases are means of the workers, shown beside their weight, and the largest difference explains") {
    Run simulated = run_of(10);
    simulated.result->workers[0].transfer_s += 2;
    simulated.result->workers[1].compute_s -= 1;
    simulated.result->workers[1].other_s = 1e-12;
    const Validation validation = assessed(run_of(10), simulated);
    const Figure& transfer = find(validation.phases, "transfer");
    CHECK(transfer.difference() == Approx(1));
    CHECK(transfer.error_percent == Approx(40));
    CHECK(*transfer.of_elapsed_percent == Approx(10));
    CHECK(transfer.verdict == Verdict::shown);
    CHECK(find(validation.phases, "communication").difference() == Approx(1));
    CHECK(find(validation.ranks[0].figures, "communication").difference() == Approx(2));
    CHECK(validation.largest_difference().name == "transfer");
    simulated.result->workers[0].wait_s -= 4;
    CHECK(assessed(run_of(10), simulated).largest_difference().name == "wait");
    CHECK(find(validation.ranks[1].figures, "other").simulated.median == 0);
    CHECK(passed(validation));
}

TEST_CASE("a server has times but no part in the phases") {
    Run run = run_of(10);
    result::Worker server = run.result->workers[1];
    server.rank = 2;
    server.is_server = true;
    server.compute_s = 100;
    run.result->workers.push_back(server);
    const Validation validation = assessed(run, run);
    CHECK(find(validation.phases, "compute").measured.median == Approx(6));
    CHECK(validation.ranks[2].is_server);
    CHECK_THROWS(find(validation.ranks[2].figures, "update share"));
    CHECK(find(validation.ranks[1].figures, "update share").measured.median == 0.5);
    const std::string text = to_text(validation);
    const std::string row = text.substr(text.find("   2  server  "));
    CHECK(row.find("100 s / 100 s") != std::string::npos);
    CHECK(row.substr(0, row.find('\n')).ends_with("500 ms / 500 ms"));  // other is the last that it has
}

TEST_CASE("other parameters fail where bits cannot depend on timing") {
    Run other = run_of(10);
    other.result->summary.parameters_digest = "other";
    CHECK_FALSE(passed(assessed(run_of(10), other)));
    CHECK_FALSE(assess({run_of(10), other}, {run_of(10)}, criteria).digests.equal);
    CHECK_FALSE(passed(assess({run_of(10), other}, {run_of(10), other}, criteria)));

    other.result->provenance.instruction_set = "another";
    const Validation elsewhere = assessed(run_of(10), other);
    CHECK(passed(elsewhere));
    CHECK_FALSE(elsewhere.digests.equal);
    CHECK(elsewhere.digests.why_not_judged.find("different arithmetic") != std::string::npos);
    CHECK(find(elsewhere.figures, "accuracy").verdict == Verdict::pass);
}

TEST_CASE("sums of the MPI library's own order are no other parameters") {
    Run measured = run_of(10);
    Run simulated = run_of(10);
    for (Run* run : {&measured, &simulated}) run->config.collective = scenario::Collective("library");
    simulated.result->summary.parameters_digest = "other";
    CHECK(passed(assessed(measured, simulated)));
    for (Run* run : {&measured, &simulated}) run->config.method = scenario::Method("in-turn");  // has none
    CHECK_FALSE(passed(assessed(measured, simulated)));
}

TEST_CASE("accuracy that depends on timing is judged by the scatter of the runs") {
    const auto passes = [](std::vector<Run> measured, const Run& simulated) {
        const std::vector<Run> constant(measured.size(), simulated);
        const Verdict verdict = find(assess(measured, constant, criteria).figures, "accuracy").verdict;
        const Verdict reversed = find(assess(constant, measured, criteria).figures, "accuracy").verdict;
        CHECK(verdict == reversed);  // the scatter of either side counts
        return verdict == Verdict::pass;
    };
    CHECK(passes({asynchronous(0.9)}, asynchronous(0.92)));  // 1000 test samples: 0.0263
    CHECK_FALSE(passes({asynchronous(0.9)}, asynchronous(0.93)));
    CHECK(passes({asynchronous(0.86), asynchronous(0.9), asynchronous(0.9)}, asynchronous(0.93)));
    CHECK_FALSE(passes({asynchronous(0.9)}, asynchronous(std::nan(""))));
}

TEST_CASE("the mean staleness is judged, its distribution shown") {
    Run simulated = asynchronous(0.9);
    simulated.result->summary.mean_staleness = 1.06;
    simulated.result->staleness = {{1, 2}, {2, 1}, {0, 1}};
    const Validation validation = assessed(asynchronous(0.9), simulated);
    CHECK(find(validation.figures, "staleness").verdict == Verdict::fail);
    CHECK(validation.staleness.distance == 0.5);
    CHECK(validation.staleness.simulated.at(1) == 0.5);
    simulated.result->summary.mean_staleness = 1.04;
    CHECK(passed(assessed(asynchronous(0.9), simulated)));
    CHECK(assessed(asynchronous(0.9), asynchronous(0.9)).staleness.distance == 0);
}

TEST_CASE("stale updates where none were measured fail") {
    Run simulated = asynchronous(0.9);
    Run measured = asynchronous(0.9);
    measured.result->summary.mean_staleness = 0;
    CHECK(find(assessed(measured, simulated).figures, "staleness").verdict == Verdict::fail);
}

TEST_CASE("times of methods whose result depends on timing may be further off") {
    scenario::Config config;
    CHECK(usual_time_tolerance_percent(config) == 5);
    config.method = scenario::Method("in-turn");
    CHECK(usual_time_tolerance_percent(config) == 5);
    config.method = scenario::Method("by-arrival");
    CHECK(usual_time_tolerance_percent(config) == 10);
}

TEST_CASE("the text says what the reference is, what explains, and the verdict") {
    const auto contains = [](const std::string& text, const std::string& part) {
        INFO(text);
        return text.find(part) != std::string::npos;
    };
    const std::string wrong = to_text(assessed(run_of(10), run_of(20)));
    CHECK(contains(wrong,
                   "Largest difference: compute, 6 s more than measured (+60.0 % of the elapsed\n  time)"));
    CHECK(contains(wrong, "FAIL: 2 of 3 judged figures are beyond their tolerances: elapsed, epoch time."));
    const std::string right = to_text(assessed(run_of(10, "simulated"), run_of(10)));
    CHECK(contains(right,
                   "PASS: all 3 judged figures are within their tolerances.\nThe reference is itself "
                   "simulated: this says nothing about reality."));
    CHECK(contains(right, "No phase differs."));
    CHECK(contains(right, "Options: --workers=2 --epochs=2"));
    CHECK(contains(right, "The platform was not calibrated."));
    Run calibrated = run_of(10);
    calibrated.result->provenance.calibrated = true;
    calibrated.config.latency_factor = "0:1;4112:2";
    const std::string on_calibration = to_text(assessed(run_of(10), calibrated));
    CHECK(contains(on_calibration, "calibrated on"));
    CHECK_FALSE(contains(on_calibration, "not calibrated"));
    CHECK_FALSE(contains(on_calibration, "4112"));
    CHECK_FALSE(contains(right, "apart"));
    Run stale = asynchronous(0.9);
    stale.result->staleness = {{1, 3}, {2, 1}};
    const std::string distribution = to_text(assessed(asynchronous(0.9), stale));
    CHECK(contains(distribution, "        1   100.0 %     75.0 %\n        2     0.0 %     25.0 %\n"));
    CHECK(contains(distribution, "Staleness distributions differ in 25.0 % of the updates."));
    CHECK_FALSE(contains(right, "Staleness"));
    CHECK(contains(right, "Noise floor: unknown, of a single reference run.\n"));
    const std::string noisy =
        to_text(assess({run_of(10), run_of(10.6), run_of(9.5)}, {run_of(10)}, criteria));
    CHECK(contains(noisy, "Noise floor: 5.5 % of elapsed, half the interval of 3 runs (level 75 %).\n"));
    CHECK(contains(noisy, "That is more than the tolerance, 5 %: repeat the measured runs"));
    CHECK(contains(noisy,
                   "INCONCLUSIVE: 2 of 3 judged figures have more noise than tolerance, which\n"
                   "  could explain them: elapsed, epoch time."));
    CHECK_FALSE(contains(to_text(assess(std::vector<Run>(5, run_of(10)), {run_of(10)}, criteria)), "(level"));
}

TEST_CASE("the text says between which times several simulated runs lie") {
    const auto text_of = [](const std::vector<double>& simulated_s) {
        std::vector<Run> simulated;
        for (const double elapsed_s : simulated_s) simulated.push_back(run_of(elapsed_s));
        return to_text(
            assess(std::vector<Run>(simulated_s.size(), run_of(10)), std::move(simulated), criteria));
    };
    CHECK_THAT(text_of({12, 9, 10, 11, 10}),
               ContainsSubstring(
                   "\nSimulated interval: elapsed 9 s to 12 s, epoch time 4.5 s to 6 s, of 5 runs.\n"));
    CHECK_THAT(text_of({10, 12}), ContainsSubstring("(level 50 %)."));
    // Of nine runs the outermost ones no longer count, as with measured ones.
    CHECK_THAT(text_of({1, 10, 10, 10, 10, 10, 11, 11, 99}), ContainsSubstring(": elapsed 10 s to 11 s, "));
    CHECK_THAT(text_of({10}), !ContainsSubstring("Simulated interval"));
}

TEST_CASE("epochs of one simulated run that differ make no interval of it") {
    Run uneven = run_of(10);
    uneven.result->history[1].elapsed_s = 2;  // epochs of 2 s and 8 s
    const Validation validation = assess({run_of(10), run_of(10)}, {uneven, uneven}, criteria);
    const Figure& epochs = find(validation.figures, "epoch time");
    CHECK(epochs.simulated_interval.low == 5);
    CHECK(epochs.simulated_interval.high == 5);
}

TEST_CASE("where runs were made is told in 80 columns, on a calibration and without") {
    Run measured = run_of(10);
    Run simulated = run_of(10, "simulated");
    for (Run* run : {&measured, &simulated}) {
        result::Provenance& provenance = run->result->provenance;
        provenance.backend = "Open MPI 4.1.4, repository revision v4.1.4";
        provenance.platform = "2 ranks on 2 hosts of a cluster with a very long name";
        provenance.host = "node-17.cluster.example.org";
        provenance.started_utc = "2026-01-31T12:00:00Z";
        provenance.lockstep_version = "0.1.0";
        provenance.git_revision = "0123456789ab";
        provenance.compiler = "GCC 12.2.0";
        provenance.instruction_set = "x86-64 AVX-512";
        provenance.data_description =
            "MNIST in a folder of some depth, 60000 training and 10000 test samples";
        provenance.calibration_host = "node-18.cluster.example.org";
        provenance.calibration_changes = "speed, latency, bandwidth, jitter, message-overhead, variability";
    }
    simulated.config.train_samples = 123456;
    simulated.config.bandwidth_Bps = 1.25e6;
    simulated.config.latency_s = 0.123;
    simulated.config.lr = 0.0123;
    simulated.config.hidden = {123, 45};
    for (const bool calibrated : {false, true}) {
        simulated.result->provenance.calibrated = calibrated;
        Validation validation = assessed(measured, simulated);
        validation.calibration_warnings = {
            "messages between hosts: two runs of the same size differ by 20 %, so that what they take is a "
            "guess"};
        std::istringstream lines(sources_text(validation));
        for (std::string line; std::getline(lines, line);) {
            INFO(line);
            CHECK(line.size() <= 80);
        }
    }
}

}  // namespace test_validation
