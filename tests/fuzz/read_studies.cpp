// What the front end reads: sweeps, validations, words for launchers and what these say.
#include <algorithm>
#include <string>
#include <vector>

#include "study/csv_table.hpp"
#include "study/fit/cluster_fit.hpp"
#include "study/fit/link_settings.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/launcher_errors.hpp"
#include "study/launch/shell_words.hpp"
#include "study/report/sweep/sweep_rows.hpp"
#include "study/report/validation_file.hpp"
#include "study/sweep/axis.hpp"
#include "study/sweep/plan.hpp"
#include "study/sweep/summary.hpp"
#include "study/sweep/text.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/readers.hpp"

namespace lockstep::fuzz {
namespace {

constexpr std::size_t most_points = 16;  ///< of a sweep that is planned here: each takes a millisecond

std::size_t points_of(const std::vector<study::SweepAxis>& axes) {
    std::size_t points = axes.empty() ? 0 : 1;
    for (const study::SweepAxis& axis : axes)
        points = points > most_points ? points : points * axis.alternatives.size();
    return points;
}

/// What is made of a launcher's words where they come in pieces of that many bytes.
struct Heard {
    std::string shown, reason, own;
    bool operator==(const Heard&) const = default;
};

Heard heard(std::string_view input, std::size_t piece) {
    study::LauncherErrors errors;
    Heard all;
    for (; !input.empty(); input.remove_prefix(std::min(piece, input.size())))
        all.shown += errors.add(input.substr(0, piece));
    all.shown += errors.finish();
    all.reason = errors.reason();
    all.own = errors.own_complaint();
    return all;
}

}  // namespace

void read_sweep_axes(std::string_view input) {
    auto axes = taken([&] { return study::parse_sweep_axes(std::string(input)); });
    if (!axes) return;
    const std::size_t points = points_of(*axes);
    if (points == 0 || points > most_points) return;
    const auto plan = taken([&] { return study::plan_sweep({}, std::move(*axes), 1, "program"); });
    if (plan) require(plan->points() == points, "a sweep has all its points");
}

void read_sweep_table(std::string_view input) {
    accepts([&] { study::parse_csv(input, "input"); });
    accepts([&] { study::read_sweep_rows(input, "input"); });
    file_of(input, "summary.csv");
    if (const auto summary = taken([] { return study::read_sweep_summary(folder()); }))
        study::to_text(summary->keys, summary->points);
}

void read_validation(std::string_view input) {
    file_of(input, "validation.json");
    accepts([] { study::read_validation_file(folder()); });
}

void read_measured_runs(std::string_view input) {
    const auto measured = taken([&] { return study::parse_measured_runs(input, "input"); });
    if (!measured) return;
    const auto fit = taken([&] { return study::fit_cluster(*measured, "ring", 4); });
    if (!fit) return;
    for (const study::FittedLinks& links : fit->links)
        require(study::links_of(*fit, "links", links.name).is_measured, "every class can be predicted");
    accepts([&] { study::links_of(*fit, "links", "300Mbps"); });
}

void read_launcher_words(std::string_view input) {
    const auto words = taken([&] { return study::split_words("--launcher-args", input); });
    if (!words) return;
    std::string quoted;
    for (const std::string& word : *words) quoted += study::quoted_for_shell(word) + ' ';
    require(study::split_words("--launcher-args", quoted) == *words,
            "words that are quoted are the same words");
}

void read_launcher_errors(std::string_view input) {
    const Heard whole = heard(input, input.size());
    for (const std::size_t piece : {1U, 3U, 64U})
        require(heard(input, piece) == whole, "pieces do not matter");
    study::has_report(input);
}

}  // namespace lockstep::fuzz
