#include "study/validate/validation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "scenario/applicability.hpp"

namespace lockstep::study {
namespace {

using result::Result;

void judge_percent(Figure& figure, double tolerance_percent) {
    figure.tolerance_percent = tolerance_percent;
    figure.verdict = judged({std::abs(figure.error_percent), figure.beyond_interval_percent(),
                             figure.noise_percent.value_or(std::nan(""))},
                            tolerance_percent);
}

/// Run-to-run scatter is no error, nor is what the test set cannot tell apart.
void judge_accuracy(Figure& figure, std::size_t test_samples) {
    figure.tolerance_difference = std::max({figure.measured.range(), figure.simulated.range(),
                                            resolution_of_share(figure.measured.median, test_samples)});
    figure.verdict =
        std::abs(figure.difference()) <= *figure.tolerance_difference ? Verdict::pass : Verdict::fail;
}

void add_new(std::vector<std::string>& all, const std::string& text) {
    if (std::ranges::find(all, text) == all.end()) all.push_back(text);
}

std::vector<std::string> different(std::span<const Run> runs, std::string result::Summary::*member) {
    std::vector<std::string> all;
    for (const Run& run : runs) add_new(all, run.result->summary.*member);
    return all;
}

/// With what instructions, and whose products, the runs computed.
std::vector<std::string> arithmetics(const Validation& validation) {
    std::vector<std::string> all;
    for (const auto* runs : {&validation.measured, &validation.simulated})
        for (const Run& run : *runs) {
            const result::Provenance& provenance = run.result->provenance;
            const std::string& products = provenance.products;  // empty in results of earlier versions
            add_new(all, fmt::format("{} with {}", provenance.instruction_set,
                                     products.empty() ? "products of an unknown library" : products));
        }
    return all;
}

/// Why two right runs may end with other bits; empty where they may not.
std::string why_bits_may_differ(const Validation& validation) {
    const scenario::Config& config = validation.simulated.front().config;
    if (!scenario::is_deterministic(config)) return "the order of updates depends on timing";
    if (config.collective == scenario::Collective("library") && scenario::applies("collective", config))
        return "the MPI library sums in an order of its own";
    const std::vector<std::string> all = arithmetics(validation);
    if (all.size() > 1) return "the runs used different arithmetic: " + all[0] + " and " + all[1];
    return {};
}

Digests compare_digests(const Validation& validation) {
    Digests digests;
    digests.measured = different(validation.measured, &result::Summary::parameters_digest);
    digests.simulated = different(validation.simulated, &result::Summary::parameters_digest);
    digests.equal = digests.measured.size() == 1 && digests.measured == digests.simulated;
    digests.why_not_judged = why_bits_may_differ(validation);
    if (digests.why_not_judged.empty()) digests.verdict = digests.equal ? Verdict::pass : Verdict::fail;
    return digests;
}

void add_figures(Validation& validation, double elapsed_s) {
    const auto add = [&](const char* name, Unit unit, const FigureOf& value) {
        validation.figures.push_back(
            make_figure(name, unit, value, validation.measured, validation.simulated, elapsed_s));
        return &validation.figures.back();
    };
    const Criteria& criteria = validation.criteria;
    judge_percent(*add("elapsed", Unit::seconds, [](const Result& run) { return run.summary.elapsed_s; }),
                  criteria.time_percent);
    if (!validation.epochs.empty()) {
        validation.figures.push_back(epoch_time(validation.measured, validation.simulated, elapsed_s));
        judge_percent(validation.figures.back(), criteria.time_percent);
    }
    add("throughput", Unit::per_second, [](const Result& run) { return run.summary.samples_per_s; });
    Figure* staleness =
        add("staleness", Unit::versions, [](const Result& run) { return run.summary.mean_staleness; });
    const bool is_any_stale = staleness->measured.most > 0 || staleness->simulated.most > 0;
    if (is_any_stale) judge_percent(*staleness, criteria.staleness_percent);
    add("loss", Unit::loss, [](const Result& run) { return run.summary.test_loss; });
    Figure* accuracy =
        add("accuracy", Unit::share, [](const Result& run) { return run.summary.test_accuracy; });
    if (validation.digests.verdict == Verdict::shown) judge_accuracy(*accuracy, criteria.test_samples);
}

double median_elapsed_s(std::span<const Run> runs) {
    std::vector<double> times;
    for (const Run& run : runs) times.push_back(run.result->summary.elapsed_s);
    return five_numbers(std::move(times)).median;
}

}  // namespace

double usual_time_tolerance_percent(const scenario::Config& config) {
    return scenario::is_deterministic(config) ? 5 : 10;
}

Verdict Validation::verdict() const {
    Verdict gravest = digests.verdict;
    for (const Figure& figure : figures) gravest = std::max(gravest, figure.verdict);
    return gravest;
}

const Figure& Validation::largest_difference() const {
    return *std::ranges::max_element(phases, {}, [](const Figure& phase) {
        return phase.name == "communication" ? -1 : std::abs(phase.difference());
    });
}

Validation assess(std::vector<Run> measured, std::vector<Run> simulated, Criteria criteria) {
    Validation validation;
    validation.measured = std::move(measured);
    validation.simulated = std::move(simulated);
    validation.reference_is_simulated = validation.measured.front().result->provenance.world == "simulated";
    validation.criteria = criteria;
    validation.digests = compare_digests(validation);
    const double elapsed_s = median_elapsed_s(validation.measured);
    validation.epochs = epoch_figures(validation.measured, validation.simulated, elapsed_s);
    validation.phases = phase_figures(validation.measured, validation.simulated, elapsed_s);
    validation.ranks = rank_figures(validation.measured, validation.simulated, elapsed_s);
    validation.staleness = staleness_shares(validation.measured, validation.simulated);
    add_figures(validation, elapsed_s);
    return validation;
}

}  // namespace lockstep::study
