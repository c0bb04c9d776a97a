#include "study/sweep/summary.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <span>
#include <type_traits>

#include "result/fields.hpp"

namespace lockstep::study {
namespace {

using result::AtTarget;
using result::Summary;

constexpr std::array<std::string_view, 15> figure_names{"elapsed_s",
                                                        "test_loss",
                                                        "test_accuracy",
                                                        "time_to_target_s",
                                                        "time_to_target_low_s",
                                                        "time_to_target_high_s",
                                                        "accuracy_at_budget",
                                                        "compute_share",
                                                        "wait_share",
                                                        "transfer_share",
                                                        "idle_fraction",
                                                        "mean_staleness",
                                                        "samples_per_s",
                                                        "energy_J",
                                                        "energy_to_target_J"};

/// The field of that name; NaN where it is not a number.
double number_of(const Summary& summary, std::string_view wanted) {
    double number = std::numeric_limits<double>::quiet_NaN();
    result::visit_fields(
        [&](std::string_view name, const auto& member) {
            using Member = std::remove_cvref_t<decltype(member)>;
            if (name != wanted) return;
            if constexpr (std::is_same_v<Member, double>) number = member;
            if constexpr (std::is_same_v<Member, AtTarget>) number = member.value;
        },
        summary);
    return number;
}

SweepFigure figure_of(std::string_view name, std::span<const Summary* const> summaries) {
    std::vector<double> numbers;
    for (const Summary* summary : summaries) numbers.push_back(number_of(*summary, name));
    SweepFigure figure{name, estimate(numbers)};
    const auto was_never = [](double number) { return number == AtTarget::never; };
    figure.is_never = figure.estimate.count == 0 && std::ranges::any_of(numbers, was_never);
    return figure;
}

std::optional<std::size_t> count_reached(const scenario::Config& config,
                                         std::span<const Summary* const> summaries) {
    if (!scenario::target(config)) return std::nullopt;
    return std::ranges::count_if(
        summaries, [](const Summary* summary) { return std::isfinite(summary->time_to_target_s.value); });
}

/// Of the rows of one point.
SweepPoint summarise(const SweepPlan& plan, std::span<const SweepRow> rows) {
    const std::size_t point = rows.front().point;
    SweepPoint result{point, plan.values(point), rows.size(), 0, 0, std::nullopt, {}};
    std::vector<const Summary*> summaries;
    for (const SweepRow& row : rows) {
        const SweepRun& run = plan.runs[row.run];
        if (!run.summary)
            ++result.failed;
        else if (run.summary->outcome == result::Outcome::stalled)
            ++result.stalled;
        else
            summaries.push_back(&*run.summary);
    }
    result.reached = count_reached(plan.runs[rows.front().run].config, summaries);
    for (const std::string_view name : figure_names) result.figures.push_back(figure_of(name, summaries));
    return result;
}

}  // namespace

const SweepFigure& SweepPoint::figure(std::string_view name) const {
    const auto found = std::ranges::find(figures, name, &SweepFigure::name);
    assert(found != figures.end());
    return *found;
}

std::span<const std::string_view> sweep_figure_names() {
    return figure_names;
}

std::vector<SweepPoint> summarise(const SweepPlan& plan) {
    std::vector<SweepPoint> points;
    for (std::size_t first = 0; first < plan.rows.size(); first += plan.replicates)
        points.push_back(summarise(plan, std::span(plan.rows).subspan(first, plan.replicates)));
    return points;
}

}  // namespace lockstep::study
