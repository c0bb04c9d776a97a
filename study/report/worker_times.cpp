#include "study/report/worker_times.hpp"

#include <algorithm>

#include "base/units.hpp"

namespace lockstep::study {
namespace {

using result::Result;
using result::Worker;

/// Of an even number the lower one of the middle two: of two workers the quicker, which the other one is
/// slow against.
double lower_median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[(values.size() - 1) / 2];
}

}  // namespace

std::vector<const Worker*> workers_of(const Result& result) {
    std::vector<const Worker*> workers;
    for (const Worker& worker : result.workers)
        if (!worker.is_server && worker.elapsed_s > 0) workers.push_back(&worker);
    return workers;
}

TimeShares shares_of(const std::vector<const Worker*>& workers) {
    TimeShares sum;
    double elapsed_s = 0;
    for (const Worker* worker : workers) {
        elapsed_s += worker->elapsed_s;
        sum.compute += worker->compute_s;
        sum.wait += worker->wait_s;
        sum.transfer += worker->transfer_s;
        sum.other += worker->other_s;
    }
    if (!(elapsed_s > 0)) return {};
    return {sum.compute / elapsed_s, sum.wait / elapsed_s, sum.transfer / elapsed_s, sum.other / elapsed_s};
}

double compute_of_step(const Worker& worker) {
    return worker.steps == 0 ? 0 : worker.compute_s / static_cast<double>(worker.steps);
}

std::string percent_of_time(double share) {
    return base::format_share(std::max(share, 0.0));
}

Slowest slowest_by(const std::vector<const Worker*>& workers, double (*measure)(const Worker&)) {
    std::vector<double> values;
    values.reserve(workers.size());
    for (const Worker* worker : workers) values.push_back(measure(*worker));
    const auto most = std::ranges::max_element(values);
    const double middle = lower_median(values);
    return {workers[static_cast<std::size_t>(most - values.begin())], middle > 0 ? *most / middle : 1};
}

bool is_star_of_equal_links(const Result& result) {
    const scenario::Config& config = result.config;
    const bool has_own_server_link =
        scenario::server_count(config) > 0 &&
        (config.server_latency_s.value_or(config.latency_s) != config.latency_s ||
         config.server_bandwidth_Bps.value_or(config.bandwidth_Bps) != config.bandwidth_Bps);
    return result.provenance.world == "simulated" && !scenario::has_platform_file(config) &&
           config.topology == scenario::Topology::star && config.latencies_s.empty() &&
           config.bandwidths_Bps.empty() && config.latency_factor.empty() &&
           config.bandwidth_factor.empty() && !has_own_server_link;
}

std::optional<double> transfer_alone(const Result& result) {
    const scenario::Config& config = result.config;
    const auto& summary = result.summary;
    if (!is_star_of_equal_links(result) || scenario::server_count(config) != 1 || !summary.bytes ||
        !summary.messages || !(summary.elapsed_s > 0))
        return std::nullopt;
    const double all_s =
        static_cast<double>(*summary.bytes) / config.bandwidth_Bps +
        static_cast<double>(*summary.messages) * (config.latency_s + config.message_overhead_s);
    return all_s / static_cast<double>(config.workers) / summary.elapsed_s;
}

double server_computing(const Result& result) {
    double most = 0;
    for (const Worker& worker : result.workers)
        if (worker.is_server && worker.elapsed_s > 0)
            most = std::max(most, worker.compute_s / worker.elapsed_s);
    return most;
}

}  // namespace lockstep::study
