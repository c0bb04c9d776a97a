#include "calibration/warnings.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "calibration/message_schedule.hpp"
#include "calibration/settings.hpp"
#include "option/lists.hpp"

namespace lockstep::calibration {
namespace {

constexpr std::size_t few_steps = 10;
constexpr double beats_by = 0.03;    // relative, beyond what a median is uncertain by
constexpr double off_at_run = 0.05;  // relative
constexpr const char* remedy = "give a longer --budget";

void warn_of_steps(Findings& found) {
    const auto warn = [&](const std::string& text) { found.warnings.push_back(text); };
    if (found.steps.empty()) return;
    double correlation = 0;
    std::size_t fewest = found.steps.front().steps;
    for (const StepTimes& steps : found.steps) {
        correlation += steps.autocorrelation / static_cast<double>(found.steps.size());
        fewest = std::min(fewest, steps.steps);
    }
    if (fewest < few_steps)
        warn(fmt::format("there was time for {} steps only: how they scatter is not known; {}", fewest,
                         remedy));
    if (found.variability.deviation > 0.25)
        warn(fmt::format("step times scatter by {} of their mean: is the machine busy otherwise?",
                         base::format_share(found.variability.deviation)));
    if (correlation > 0.3)
        warn(
            fmt::format("a step's time predicts the next one's (correlation {}); simulated ones are "
                        "drawn independently",
                        base::format_number(correlation)));
    if (!found.worker_speeds_flops.empty())
        warn("workers differ in speed by more than 5 %; the calibration holds a speed for each");
}

void warn_of_placement(Findings& found, const std::vector<RankWork>& work) {
    std::vector<std::string> hosts;
    hosts.reserve(work.size());
    for (const RankWork& rank : work) hosts.push_back(rank.host);
    if (found.messages.size() == 2 && !are_in_equal_blocks(hosts))
        found.warnings.emplace_back(
            "ranks are not dealt to hosts in equal blocks; a simulation of several ranks a host has them so, "
            "and takes other pairs for neighbours (with mpirun: as many slots a host as it has ranks)");
}

std::string sizes_text(const std::vector<std::size_t>& sizes) {
    std::vector<std::string> texts;
    texts.reserve(sizes.size());
    for (const std::size_t bytes : sizes) texts.push_back(base::format_bytes(static_cast<double>(bytes)));
    return option::joined(texts, ", ");
}

/// Sizes that the run sends, by what is known of them.
void warn_of_run_sizes(Findings& found, const MessageFindings& kind, std::vector<std::string>& warnings) {
    std::vector<std::size_t> between;
    std::vector<std::size_t> beyond;
    std::vector<std::size_t> seldom;
    for (const std::size_t bytes : found.run_sizes.all) {
        const auto size = std::ranges::find(kind.sizes, bytes, &SizeFindings::bytes);
        if (size == kind.sizes.end())
            (bytes < kind.sizes.back().bytes ? between : beyond).push_back(bytes);
        else if (size->samples < fewest_repeats)
            seldom.push_back(bytes);
    }
    if (!between.empty())
        warnings.push_back(
            fmt::format("there was no time for sizes that the run sends: {}; what they take follows from the "
                        "pieces that were fitted to smaller and larger ones; {}",
                        sizes_text(between), remedy));
    if (!beyond.empty())
        warnings.push_back(fmt::format(
            "there was no time for sizes that the run sends, or --largest-message leaves them "
            "out: {}; what they take is guessed from {}; {}",
            sizes_text(beyond), base::format_bytes(static_cast<double>(kind.sizes.back().bytes)), remedy));
    if (!seldom.empty())
        warnings.push_back(fmt::format(
            "sizes that the run sends were timed fewer than {} times, so that their intervals tell "
            "too little: {}; {}",
            fewest_repeats, sizes_text(seldom), remedy));
    if (kind.progress_bytes < found.run_sizes.usual && kind.progress_bytes > 0)
        warnings.push_back(fmt::format(
            "whether a message moves while a processor computes is known of {} only, the run sends {}; {}",
            base::format_bytes(static_cast<double>(kind.progress_bytes)),
            base::format_bytes(static_cast<double>(found.run_sizes.usual)), remedy));
}

/// Where a line through all sizes promises more than was measured at those that the run sends.
void warn_of_beaten_data(const MessageFindings& kind, std::vector<std::string>& warnings) {
    double most = 0;
    std::size_t where = 0;
    for (const std::size_t bytes : kind.exact_bytes) {
        const auto size = std::ranges::find(kind.sizes, bytes, &SizeFindings::bytes);
        if (size == kind.sizes.end()) continue;
        const double beaten =
            size->one_way_interval.lower / kind.pieces.time_s(static_cast<double>(bytes)) - 1;
        if (beaten <= most) continue;
        most = beaten;
        where = bytes;
    }
    if (most > beats_by)
        warnings.push_back(fmt::format(
            "a line through all sizes makes messages of {} {} faster than any were: small ones are "
            "let through at once; the bandwidth is what the sizes show that the run sends",
            base::format_bytes(static_cast<double>(where)), base::format_share(most)));
}

/// How far the simulated link is off at the sizes that the run sends.
void warn_of_link(const Findings& found, const MessageFindings& kind, std::vector<std::string>& warnings) {
    if (!kind.simulated) return;
    const MessageCost simulated = simulated_cost(kind, found.run_sizes);
    for (const SizeFindings& size : kind.sizes) {
        if (std::ranges::count(found.run_sizes.all, size.bytes) == 0) continue;
        const double off = simulated.time_s(static_cast<double>(size.bytes)) / size.one_way_s - 1;
        if (std::abs(off) > off_at_run)
            warnings.push_back(fmt::format(
                "a simulated message of {} takes {} {} than a measured one; the link is that of {}",
                base::format_bytes(static_cast<double>(size.bytes)), base::format_share(std::abs(off)),
                off > 0 ? "longer" : "shorter", base::format_bytes(link_bytes(kind, found.run_sizes))));
    }
}

void warn_of_messages(Findings& found, const MessageFindings& kind, std::vector<std::string>& warnings) {
    const Residuals& off = kind.simulated.value_or(kind.fit);
    if (off.median > 0.05 || off.largest > 0.3)
        warnings.push_back(fmt::format("the fit is poor, {} off at the median size and {} at most",
                                       base::format_share(off.median), base::format_share(off.largest)));
    std::size_t samples = 0;
    std::size_t outliers = 0;
    for (const SizeFindings& size : kind.sizes) {
        samples += size.samples;
        outliers += size.outliers;
    }
    if (20 * outliers > samples)
        warnings.push_back(fmt::format("{} of {} took more than three times the median", outliers, samples));
    warn_of_run_sizes(found, kind, warnings);
    warn_of_beaten_data(kind, warnings);
    warn_of_link(found, kind, warnings);
}

/// Where samples tell of a queue and others do not.
void warn_of_send_ahead(Findings& found) {
    if (!found.send_ahead) return;
    const Interval interval = of_median(found.send_ahead->shares);
    if (interval.lower >= least_share_ahead || interval.upper < least_share_ahead) return;
    found.warnings.push_back(fmt::format(
        "a host's messages to different hosts: {} to {} of one left before the next one began, and "
        "less than {} is as where they share its link; send-ahead is uncertain, {}",
        base::format_number(interval.lower, {.decimals = 2}),
        base::format_number(interval.upper, {.decimals = 2}), least_share_ahead, remedy));
}

}  // namespace

void add_warnings(Findings& found, const Measurements& measured) {
    warn_of_steps(found);
    for (const MessageFindings& kind : found.messages) {
        std::vector<std::string> warnings;
        warn_of_messages(found, kind, warnings);
        for (const std::string& text : warnings)
            found.warnings.push_back(fmt::format("{} messages: {}", kind.kind, text));
    }
    warn_of_send_ahead(found);
    if (measured.work.size() < 2)
        found.warnings.emplace_back("one rank sends no messages: the network is not calibrated");
    warn_of_placement(found, measured.work);
}

bool are_in_equal_blocks(std::span<const std::string> hosts) {
    const auto first_elsewhere =
        std::ranges::find_if(hosts, [&](const std::string& host) { return host != hosts.front(); });
    const auto block = static_cast<std::size_t>(first_elsewhere - hosts.begin());
    std::set<std::string> seen;
    for (std::size_t rank = 0; rank < hosts.size(); ++rank) {
        const bool begins = rank % block == 0;
        if (begins != seen.insert(hosts[rank]).second) return false;
        if (!begins && hosts[rank] != hosts[rank - 1]) return false;
    }
    return true;
}

}  // namespace lockstep::calibration
