// What says what a run is made on: platforms, profiles, hosts, allocations of batch systems.
#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "base/words.hpp"
#include "scenario/hosts.hpp"
#include "scenario/slowness.hpp"
#include "sim/check/platform_document.hpp"
#include "sim/check/profile_check.hpp"
#include "sim/check/setting_check.hpp"
#include "study/launch/allocation.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/readers.hpp"

namespace lockstep::fuzz {
namespace {

constexpr std::size_t placed_ranks = 3;

/// As sim::check_platform, which refuses deeper ones before anything reads them.
constexpr std::size_t deepest_nesting = 100;

void check_profile(const sim::ProfileText& profile) {
    accepts<std::invalid_argument>([&] { sim::check_profile(profile); });
}

/// While it lives.
class Variable {
  public:
    Variable(const char* name, const std::string& value) : name_(name) {
        ::setenv(name, value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() { ::unsetenv(name_); }  // NOLINT(concurrency-mt-unsafe): one thread

  private:
    const char* name_;
};

void require_slots() {
    const auto allocation = taken([] { return study::find_allocation(); });
    if (!allocation || !*allocation) return;
    require((*allocation)->ranks() >= (*allocation)->slots.size(), "a host has a slot");
    (*allocation)->ranks_per_host(placed_ranks);
}

}  // namespace

void read_platform_file(std::string_view input) {
    if (sim::nesting_depth(input) > deepest_nesting) return;
    const auto document = sim::read_platform_document(file_of(input, "platform.xml").string());
    if (!document) return;
    for (const auto& setting : document->settings)
        accepts<std::invalid_argument>([&] { sim::check_setting(setting.first, setting.second); });
    for (const sim::PlatformDocument::Trace& trace : document->traces)
        check_profile({trace.id, trace.lines, document->traces_of_latency.contains(trace.id),
                       base::number_from(0, trace.periodicity).value_or(0)});
}

void read_profile(std::string_view input) {
    for (const double periodicity_s : {0.0, 1.0})
        for (const bool is_of_latency : {false, true})
            check_profile({"input", input, is_of_latency, periodicity_s});
    const std::string file = file_of(input, "speed.profile").string();
    const auto curve = taken([&] { return scenario::SpeedCurve::read(file); });
    if (!curve) return;
    for (const double time_s : {0.0, 0.1, 1.0, 1e3})
        require(curve->at(time_s).second > time_s, "the next change is later");
}

void read_hostfile(std::string_view input) {
    scenario::Config config;
    config.hostfile = file_of(input, "hosts").string();
    const auto entries = taken([&] { return scenario::read_hosts(config); });
    if (!entries) return;
    const auto places = taken([&] {
        return scenario::places_of_ranks(*entries, {"a", "b:2", "c"}, placed_ranks);
    });
    if (!places) return;
    require(places->size() == placed_ranks && std::ranges::max(*places) < placed_ranks,
            "each rank has a host that there is");
}

void read_allocation(std::string_view input) {
    {
        const Variable job("SLURM_JOB_ID", "1");
        const Variable tasks("SLURM_TASKS_PER_NODE", std::string(input));
        require_slots();
    }
    const Variable file("PBS_NODEFILE", file_of(input, "nodes").string());
    require_slots();
}

}  // namespace lockstep::fuzz
