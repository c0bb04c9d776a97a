#include "study/report/diff.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/terminal.hpp"
#include "base/units.hpp"
#include "result/text_table.hpp"
#include "study/report/same_configuration.hpp"
#include "study/report/shown_ranks.hpp"

namespace lockstep::study {
namespace {

using result::Worker;

constexpr std::array<std::string_view, 5> phase_names{"elapsed", "compute", "wait", "transfer", "other"};

std::array<double, phase_names.size()> times_of(const Worker& worker) {
    return {worker.elapsed_s, worker.compute_s, worker.wait_s, worker.transfer_s, worker.other_s};
}

/// What is shown of a rank: its phases, and before wait and transfer their sum.
std::vector<PhaseDifference> shown_phases(const RankDifference& rank) {
    std::vector<PhaseDifference> shown;
    PhaseDifference communication{"communication"};
    for (const PhaseDifference& phase : rank.phases) {
        if (phase.phase != "wait" && phase.phase != "transfer") continue;
        communication.first_s += phase.first_s;
        communication.second_s += phase.second_s;
    }
    for (const PhaseDifference& phase : rank.phases) {
        if (phase.phase == "wait") shown.push_back(communication);
        shown.push_back(phase);
    }
    return shown;
}

void require_alike(const RunFolder& first, const RunFolder& second) {
    for (const RunFolder* run : {&first, &second})
        if (!run->result)
            throw base::InputError(
                fmt::format("{}: without a result.json it cannot be compared", run->path.string()));
    const std::string differing = first_difference(*first.result, *second.result);
    if (!differing.empty())
        throw base::InputError(
            fmt::format("--diff: {} and {} are runs of different configurations: {}; name two of one",
                        first.path.string(), second.path.string(), differing));
    if (first.result->workers.size() != second.result->workers.size())
        throw base::InputError(fmt::format("--diff: {} has {} ranks and {} has {}; name runs of equally many",
                                           first.path.string(), first.result->workers.size(),
                                           second.path.string(), second.result->workers.size()));
    if (first.result->workers.empty())
        throw base::InputError(fmt::format("{}: its result has no ranks", first.path.string()));
}

/// When the computing of each step began.
std::map<std::uint64_t, double> step_begins(const events::Track& track) {
    std::map<std::uint64_t, double> begins_s;
    for (const events::Span& span : track.spans)
        if (span.activity == events::Activity::compute && span.phase == events::Phase::training)
            begins_s.try_emplace(span.round, span.begin_s);
    return begins_s;
}

std::optional<RoundDifference> first_elsewhere(const events::Track& first, const events::Track& second,
                                               double tolerance_s) {
    const auto ones_s = step_begins(first);
    auto others_s = step_begins(second);
    for (const auto& [round, begin_s] : ones_s) {
        const auto other = others_s.find(round);
        if (other == others_s.end()) return RoundDifference{first.rank, round, begin_s, std::nan("")};
        if (std::abs(begin_s - other->second) > tolerance_s)
            return RoundDifference{first.rank, round, begin_s, other->second};
        others_s.erase(other);
    }
    if (others_s.empty()) return std::nullopt;
    return RoundDifference{first.rank, others_s.begin()->first, std::nan(""), others_s.begin()->second};
}

std::string signed_time(double seconds) {
    std::string text = time_text(seconds);
    if (seconds > 0 && text != time_text(0)) text.insert(text.begin(), '+');
    return text;
}

std::string of_elapsed(const PhaseDifference& phase, const RunDifference& difference) {
    if (!(difference.second_elapsed_s > 0)) return "-";
    constexpr double nothing = 5e-4;
    const double share = phase.difference_s() / difference.second_elapsed_s;
    return std::abs(share) < nothing ? "0.0 %" : base::format_change(share);
}

std::string summary_sentence(const RunDifference& difference) {
    const double part_s = difference.first_elapsed_s - difference.second_elapsed_s;
    std::string text = fmt::format("{} took {}, {} took {}: {}", difference.first,
                                   base::format_time(difference.first_elapsed_s), difference.second,
                                   base::format_time(difference.second_elapsed_s), signed_time(part_s));
    if (difference.second_elapsed_s > 0)
        text += fmt::format(" ({})", base::format_change(part_s / difference.second_elapsed_s));
    const PhaseDifference& most = difference.largest();
    if (time_text(most.difference_s()) == time_text(0)) return text + ". They part nowhere.";
    return text + fmt::format(". They part most in {} of rank {}: {}, {} of the time of {}.", most.phase,
                              difference.rank_of_largest(), signed_time(most.difference_s()),
                              of_elapsed(most, difference), difference.second);
}

std::string round_sentence(const RoundDifference& round, const RunDifference& difference) {
    if (std::isnan(round.first_s) || std::isnan(round.second_s))
        return fmt::format("rank {}: step {} is in {} alone", round.rank, round.round,
                           std::isnan(round.first_s) ? difference.second : difference.first);
    return fmt::format("rank {}: step {} begins at {} in {} and at {} in {} ({})", round.rank, round.round,
                       base::format_time(round.first_s), difference.first, base::format_time(round.second_s),
                       difference.second, signed_time(round.first_s - round.second_s));
}

std::vector<std::string> rounds_text(const RunDifference& difference) {
    if (!difference.has_events)
        return {"Where steps begin elsewhere is not known: not both runs have recorded their events."};
    std::vector<std::string> lines;
    for (const auto& round : difference.rounds)
        if (round) lines.push_back(round_sentence(*round, difference));
    const std::string tolerance = base::format_time(difference.tolerance_s);
    if (lines.empty()) return {fmt::format("Every step of every rank begins within {} in both.", tolerance)};
    lines.insert(lines.begin(),
                 fmt::format("The first step of each rank that begins more than {} elsewhere:", tolerance));
    return lines;
}

}  // namespace

const PhaseDifference& RunDifference::largest() const {
    const PhaseDifference* most = nullptr;
    for (const RankDifference& rank : ranks)
        for (std::size_t i = 1; i < rank.phases.size(); ++i)
            if (most == nullptr || std::abs(rank.phases[i].difference_s()) > std::abs(most->difference_s()))
                most = &rank.phases[i];
    assert(most != nullptr);
    return *most;
}

std::size_t RunDifference::rank_of_largest() const {
    const PhaseDifference* const most = &largest();
    for (const RankDifference& rank : ranks)
        if (most >= rank.phases.data() && most < rank.phases.data() + rank.phases.size()) return rank.rank;
    return 0;
}

RunDifference compare_runs(const RunFolder& first, const RunFolder& second, double tolerance_percent) {
    require_alike(first, second);
    RunDifference difference;
    difference.first = first.name;
    difference.second = second.name;
    difference.first_elapsed_s = first.result->summary.elapsed_s;
    difference.second_elapsed_s = second.result->summary.elapsed_s;
    difference.tolerance_s = tolerance_percent / 100 * difference.second_elapsed_s;
    difference.equal_parameters =
        !first.result->summary.parameters_digest.empty() &&
        first.result->summary.parameters_digest == second.result->summary.parameters_digest;
    for (std::size_t rank = 0; rank < first.result->workers.size(); ++rank) {
        const Worker& one = first.result->workers[rank];
        const auto ones_s = times_of(one);
        const auto others_s = times_of(second.result->workers[rank]);
        RankDifference& ranked = difference.ranks.emplace_back(RankDifference{one.rank, one.is_server, {}});
        for (std::size_t i = 0; i < phase_names.size(); ++i)
            ranked.phases.push_back({std::string(phase_names[i]), ones_s[i], others_s[i]});
    }
    difference.has_events =
        first.timeline && second.timeline && first.timeline->tracks.size() == second.timeline->tracks.size();
    if (!difference.has_events) return difference;
    for (std::size_t rank = 0; rank < first.timeline->tracks.size(); ++rank)
        difference.rounds.push_back(first_elsewhere(first.timeline->tracks[rank],
                                                    second.timeline->tracks[rank], difference.tolerance_s));
    return difference;
}

std::string to_text(const RunDifference& difference) {
    using Align = result::TextTable::Align;
    result::TextTable table({{"Rank", Align::left},
                             {"Phase", Align::left},
                             {difference.first},
                             {difference.second},
                             {"Difference"},
                             {"Of elapsed"}});
    for (const RankDifference& rank : difference.ranks) {
        std::string name = rank_name(rank.rank, rank.is_server);
        for (const PhaseDifference& phase : shown_phases(rank))
            table.add_row({std::exchange(name, ""), phase.phase, time_text(phase.first_s),
                           time_text(phase.second_s), signed_time(phase.difference_s()),
                           of_elapsed(phase, difference)});
    }
    std::string text = table.render() + '\n' + base::in_lines(summary_sentence(difference));
    for (const std::string& line : rounds_text(difference)) text += base::in_lines(line);
    return text +
           fmt::format("parameters: {}\n", difference.equal_parameters ? "equal, bit for bit" : "different");
}

void add_difference_section(ReportPage& page, const RunDifference& difference) {
    page.begin_section(fmt::format("{} against {}", difference.first, difference.second));
    page.add_finding(summary_sentence(difference));
    page.add_list(rounds_text(difference));
    page.add_text(difference.equal_parameters ? "Both end with the same parameters, bit for bit."
                                              : "They end with different parameters, or one has none.");
    HtmlTable table{"Every rank and phase",
                    {{"Rank", false},
                     {"Phase", false},
                     {difference.first},
                     {difference.second},
                     {"Difference"},
                     {"Of elapsed"}},
                    {}};
    BarView view{"",   "",  fmt::format("{} less {} (s)", difference.first, difference.second), {}, {},
                 true, true};
    for (std::size_t i = 1; i < phase_names.size(); ++i)
        view.series.push_back({std::string(phase_names[i]), {}, std::string(phase_names[i])});
    for (const RankDifference& rank : difference.ranks) {
        view.categories.push_back(rank_name(rank.rank, rank.is_server));
        for (const PhaseDifference& phase : shown_phases(rank))
            table.rows.push_back({rank_name(rank.rank, rank.is_server), phase.phase, time_cell(phase.first_s),
                                  time_cell(phase.second_s),
                                  HtmlCell(signed_time(phase.difference_s()), phase.difference_s()),
                                  of_elapsed(phase, difference)});
        for (std::size_t i = 1; i < rank.phases.size(); ++i)
            view.series[i - 1].values.push_back(rank.phases[i].difference_s());
    }
    page.add_chart(
        bar_chart("Differences", "of each rank's phases: to the right where the first run takes longer.",
                  std::span(&view, 1)),
        table);
    page.add_table(table);
}

}  // namespace lockstep::study
