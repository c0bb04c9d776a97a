#include "run/machines.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace lockstep::run {
namespace {

/// With more ranks than cores an emulated processor keeps pace as long as most of the others sleep: above
/// this share of the cores' time a rank that wakes often finds none free.
constexpr double most_busy_share = 0.8;
/// By so much more than asked may an emulated processor have computed.
constexpr double pace_tolerance = 0.02;

struct Machine {
    std::size_t ranks = 0;
    double cpu_s = 0;       ///< of all ranks
    double elapsed_s = 0;   ///< until the last of them was done
    bool kept_pace = true;  ///< each has computed about as long as its emulated processor was to
};

bool kept_pace(const result::Worker& worker) {
    return worker.compute_s - worker.emulated_s <=
           pace_tolerance * std::max(worker.emulated_s, worker.elapsed_s / 10);
}

bool is_busy(const Machine& machine, std::size_t cores) {
    return !machine.kept_pace ||
           machine.cpu_s > most_busy_share * machine.elapsed_s * static_cast<double>(cores);
}

}  // namespace

Machines machines(const std::vector<RankReport>& reports) {
    std::map<std::string, Machine> by_name;
    std::set<std::string> hosts;
    Machines all;
    for (const RankReport& report : reports) {
        if (report.place.host.empty()) continue;  // its work was done by another rank
        Machine& machine = by_name[report.place.machine];
        hosts.insert(report.place.host);
        machine.cpu_s += report.worker.cpu_s;
        machine.elapsed_s = std::max(machine.elapsed_s, report.worker.elapsed_s);
        machine.kept_pace = machine.kept_pace && kept_pace(report.worker);
        if (++machine.ranks > 1) continue;
        all.cores += report.place.host_cores;
        all.memory_bytes += report.place.host_memory_bytes;
    }
    all.hosts = hosts.size();
    for (const RankReport& report : reports) {
        const Machine& machine = by_name[report.place.machine];
        if (machine.ranks <= report.place.host_cores) continue;
        all.crowded = true;
        all.busy = all.busy || is_busy(machine, report.place.host_cores);
    }
    return all;
}

}  // namespace lockstep::run
