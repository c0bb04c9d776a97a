#include "calibration/analysis.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "base/units.hpp"
#include "calibration/settings.hpp"

namespace lockstep::calibration {
namespace {

constexpr double equal_speeds = 0.05;  // workers whose speeds differ by less count as equal

/// Steps of all workers, each relative to its own worker's mean.
std::vector<double> relative_times(const std::vector<RankWork>& work, const std::vector<StepTimes>& steps) {
    std::vector<double> relative;
    for (std::size_t worker = 0; worker < steps.size(); ++worker)
        for (const double time_s : work[worker].step_times_s)
            relative.push_back(time_s / steps[worker].mean_s);
    return relative;
}

void find_speeds(Findings& found, const std::vector<RankWork>& work) {
    std::vector<double> speeds;
    for (std::size_t worker = 0; worker < found.steps.size(); ++worker)
        speeds.push_back(found.step_flops / work[worker].mean_step_s);
    const auto [slowest, fastest] = std::ranges::minmax(speeds);
    if (fastest / slowest - 1 > equal_speeds) {
        found.speed_flops = fastest;
        found.worker_speeds_flops = speeds;
        return;
    }
    double mean_s = 0;
    for (const double speed : speeds) mean_s += found.step_flops / speed / static_cast<double>(speeds.size());
    found.speed_flops = found.step_flops / mean_s;
}

void find_work(Findings& found, const std::vector<RankWork>& work, std::size_t workers) {
    for (std::size_t worker = 0; worker < workers; ++worker)
        found.steps.push_back(describe_steps(work[worker].step_times_s));
    found.variability = fit_variability(relative_times(work, found.steps));
    find_speeds(found, work);
    for (const RankWork& rank : work) {
        found.vector_flops_per_s = std::max(found.vector_flops_per_s, rank.vector_flops_per_s);
        found.copy_Bps += rank.copy_Bps / static_cast<double>(work.size());
    }
    for (std::size_t worker = 0; worker < workers; ++worker)
        found.first_use_s_per_byte += work[worker].first_use_s_per_byte / static_cast<double>(workers);
    found.evaluation_s = work.front().evaluation_s;
}

void find_messages(Findings& found, const std::vector<PairSamples>& pairs) {
    for (const bool same_host : {true, false}) {
        std::vector<const PairSamples*> of_kind;
        for (const PairSamples& pair : pairs)
            if (pair.same_host == same_host) of_kind.push_back(&pair);
        if (!of_kind.empty())
            found.messages.push_back(find_message_cost(same_host ? "local" : "remote", of_kind));
    }
}

void warn_of_steps(Findings& found) {
    const auto warn = [&](const std::string& text) { found.warnings.push_back(text); };
    double correlation = 0;
    for (const StepTimes& steps : found.steps)
        correlation += steps.autocorrelation / static_cast<double>(found.steps.size());
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

std::vector<std::string> hosts_of(const std::vector<RankWork>& work) {
    std::vector<std::string> hosts;
    hosts.reserve(work.size());
    for (const RankWork& rank : work) hosts.push_back(rank.host);
    return hosts;
}

void warn_of_placement(Findings& found, const std::vector<RankWork>& work) {
    if (found.messages.size() == 2 && !are_in_equal_blocks(hosts_of(work)))
        found.warnings.emplace_back(
            "ranks are not dealt to hosts in equal blocks; a simulation of several ranks a host has them so, "
            "and takes other pairs for neighbours (with mpirun: as many slots a host as it has ranks)");
}

void warn_of_messages(Findings& found) {
    for (const MessageFindings& kind : found.messages) {
        const auto warn = [&](const std::string& text) {
            found.warnings.push_back(fmt::format("{} messages: {}", kind.kind, text));
        };
        const Residuals& off = kind.simulated.value_or(kind.fit);
        if (off.median > 0.05 || off.largest > 0.3)
            warn(fmt::format("the fit is poor, {} off at the median size and {} at most",
                             base::format_share(off.median), base::format_share(off.largest)));
        std::size_t samples = 0;
        std::size_t outliers = 0;
        for (const SizeFindings& size : kind.sizes) {
            samples += size.samples;
            outliers += size.outliers;
        }
        if (20 * outliers > samples)
            warn(fmt::format("{} of {} took more than three times the median", outliers, samples));
    }
    if (found.messages.empty())
        found.warnings.emplace_back("one rank sends no messages: the network is not calibrated");
}

}  // namespace

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

Findings find(const Measurements& measured, const scenario::Config& config, const run::Problem& problem) {
    Findings found;
    found.step_flops = problem.step_flops(config, problem.order.largest_batch());
    find_work(found, measured.work, config.workers);
    if (config.emulate_speed_flops) {  // then all arithmetic has that speed, and nothing is cold to it
        found.vector_flops_per_s = 0;
        found.first_use_s_per_byte = 0;
    }
    find_messages(found, measured.pairs);
    if (!found.messages.empty()) {
        MessageFindings& across = found.messages.back();
        across.simulated = residuals(simulated_cost(across, 4 * problem.parameters), one_way_times(across));
    }
    found.settings = settings_of(found, measured.work, 4 * problem.parameters);
    warn_of_steps(found);
    warn_of_messages(found);
    warn_of_placement(found, measured.work);
    return found;
}

}  // namespace lockstep::calibration
