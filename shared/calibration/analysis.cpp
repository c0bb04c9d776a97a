#include "calibration/analysis.hpp"

#include <algorithm>

#include "calibration/settings.hpp"
#include "calibration/timed_updates.hpp"
#include "calibration/warnings.hpp"

namespace lockstep::calibration {
namespace {

constexpr double equal_speeds = 0.05;

/// By so much, and by more than is known of each.
bool differ(const Fitted& slowest, const Fitted& fastest) {
    return fastest.value / slowest.value - 1 > equal_speeds && fastest.lower > slowest.upper;
}

/// Steps of all workers, each relative to its own worker's mean.
std::vector<double> relative_times(const std::vector<RankWork>& work, const std::vector<StepTimes>& steps) {
    std::vector<double> relative;
    for (std::size_t worker = 0; worker < steps.size(); ++worker)
        for (const double time_s : work[worker].step_times_s)
            relative.push_back(time_s / steps[worker].mean_s);
    return relative;
}

/// What a worker takes for a step, with all that it takes besides its arithmetic; scattered as that is.
Fitted step_time_s(const RankWork& work, double mean_s, std::uint64_t seed) {
    return scaled(fitted(mean_s, of_mean(work.step_times_s, seed)), work.mean_step_s / mean_s);
}

void find_speeds(Findings& found, const std::vector<RankWork>& work, std::uint64_t seed) {
    std::vector<Fitted> speeds;
    Fitted mean_s;
    for (std::size_t worker = 0; worker < found.steps.size(); ++worker) {
        const Fitted time_s = step_time_s(work[worker], found.steps[worker].mean_s, seed);
        mean_s = sum(mean_s, scaled(time_s, 1 / static_cast<double>(found.steps.size())));
        speeds.push_back(inverse(found.step_flops, time_s));
    }
    found.speed_flops = inverse(found.step_flops, mean_s);
    const auto [slowest, fastest] = std::ranges::minmax(speeds, {}, &Fitted::value);
    if (!differ(slowest, fastest)) return;
    found.speed_flops = fastest;
    for (const Fitted& speed : speeds) found.worker_speeds_flops.push_back(speed.value);
}

/// The speed with which a simulation's ranks take together as long for their updates as these do: each rank's
/// own is in proportion to its speed.
Fitted update_flops_per_s(const Findings& found, const std::vector<RankWork>& work) {
    double flops = 0;
    Fitted time_s;
    for (std::size_t rank = 0; rank < work.size(); ++rank) {
        const bool differs = rank < found.worker_speeds_flops.size();
        const double slower = differs ? found.speed_flops.value / found.worker_speeds_flops[rank] : 1;
        flops += slower * work[rank].update_flops;
        time_s = sum(time_s, work[rank].update_s);
    }
    return time_s.lower > 0 ? inverse(flops, time_s) : Fitted();
}

void find_work(Findings& found, const std::vector<RankWork>& work, std::size_t workers, std::uint64_t seed) {
    for (std::size_t worker = 0; worker < workers; ++worker)
        found.steps.push_back(describe_steps(work[worker].step_times_s));
    found.variability = fit_variability(relative_times(work, found.steps));
    find_speeds(found, work, seed);
    found.vector_flops_per_s = std::ranges::max(work, {}, [](const RankWork& rank) {
                                   return rank.vector_flops_per_s.value;
                               }).vector_flops_per_s;
    for (const RankWork& rank : work)
        found.copy_Bps = sum(found.copy_Bps, scaled(rank.copy_Bps, 1 / static_cast<double>(work.size())));
    const double share = 1 / static_cast<double>(workers);
    for (std::size_t worker = 0; worker < workers; ++worker) {
        found.first_use_s_per_byte =
            sum(found.first_use_s_per_byte, scaled(work[worker].first_use_s_per_byte, share));
        found.code_flops_per_s = sum(found.code_flops_per_s, scaled(work[worker].code_flops_per_s, share));
    }
    found.update_flops_per_s = update_flops_per_s(found, work);
    found.evaluation_s = work.front().evaluation_s;
}

void find_messages(Findings& found, const std::vector<PairSamples>& pairs) {
    for (const bool same_host : {true, false}) {
        std::vector<const PairSamples*> of_kind;
        for (const PairSamples& pair : pairs)
            if (pair.same_host == same_host) of_kind.push_back(&pair);
        if (!of_kind.empty())
            found.messages.push_back(
                find_message_cost(same_host ? local_kind : remote_kind, of_kind, found.run_sizes.all));
    }
}

}  // namespace

Findings find(const Measurements& measured, const scenario::Config& config, const run::Problem& problem) {
    Findings found;
    found.run_sizes = sizes_of_run(config, problem);
    found.run_sizes.is_example = !measured.has_steps();
    if (measured.has_steps()) {
        found.step_flops = problem.step_flops(config, problem.order.largest_batch());
        find_work(found, measured.work, config.workers, config.seed);
        found.updates = updates_of(config, problem);
    }
    if (config.emulate_speed_flops) {  // then all arithmetic has that speed, and nothing is cold to it
        found.vector_flops_per_s = {};
        found.code_flops_per_s = {};
        found.update_flops_per_s = {};
        found.first_use_s_per_byte = {};
    }
    find_messages(found, measured.pairs);
    found.send_ahead = find_send_ahead(measured.fan_out);
    if (!found.messages.empty()) {
        MessageFindings& across = found.messages.back();
        across.simulated = residuals(simulated_cost(across, found.run_sizes), one_way_times(across));
    }
    found.settings = settings_of(found, measured.work);
    found.intervals = intervals_of(found, measured, config.seed);
    add_warnings(found, measured);
    return found;
}

}  // namespace lockstep::calibration
