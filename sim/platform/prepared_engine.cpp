#include "sim/platform/prepared_engine.hpp"

#include <array>
#include <csignal>

#include <fmt/format.h>
#include <smpi/smpi.h>
#include <xbt/config.hpp>
#include <xbt/xbt_os_time.h>

#include "base/process/signals_wait.hpp"
#include "scenario/applicability.hpp"
#include "sim/check/file_settings.hpp"
#include "sim/last_words.hpp"
#include "sim/platform/energy.hpp"
#include "sim/platform/pair_queues.hpp"
#include "sim/platform/platform.hpp"
#include "sim/platform/sharing.hpp"
#include "sim/simgrid_version.hpp"

// SMPI reads the processor time of a rank whenever it enters and leaves a call, which takes two calls of the
// kernel and with small messages half of the time, even where it is told not to simulate what the rank has
// computed (smpi/simulate-computation). These take the place of the engine's own in a program that has them.
void xbt_os_threadtimer_start(xbt_os_timer_t /*timer*/) {}
void xbt_os_threadtimer_stop(xbt_os_timer_t /*timer*/) {}

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

s4u::Engine make_engine() {
    const base::SignalsWait until_ours_are_back{SIGINT};  // the engine's own handler of it calls exit()
    const SignalHandlers ours;
    smpi_init_options();
    int count = 1;
    std::array<char, 9> name{"lockstep"};
    std::array<char*, 2> arguments{name.data(), nullptr};
    return s4u::Engine(&count, arguments.data());
}

/// The engine's own trace: states of the ranks and messages between them.
void trace_into(const std::string& file) {
    s4u::Engine::set_config("tracing:yes");
    s4u::Engine::set_config("tracing/filename", file);  // by name: a text is split at blanks and commas
    s4u::Engine::set_config("tracing/smpi:yes");
    s4u::Engine::set_config("tracing/smpi/computing:yes");
}

/// Sets it to what it is, since the engine takes only settings of a file that were not made before.
template <class Value>
void keep_default(const char* key) {
    simgrid::config::set_value<Value>(key, Value(simgrid::config::get_value<Value>(key)));
}

/// What a platform file cannot change either: the engine takes only settings of it that are not made here.
void set_options(const scenario::Config& config, const std::string& trace) {
    s4u::Engine::set_config("smpi/simulate-computation:no");
    s4u::Engine::set_config("smpi/host-speed:1Gf");  // only silences a warning: nothing is benchmarked
    s4u::Engine::set_config("smpi/wtime:0");
    s4u::Engine::set_config(
        "smpi/test:0");  // looks take no time: they are between pieces of work, not in loops
    s4u::Engine::set_config("smpi/coll-selector:ompi");
    s4u::Engine::set_config(
        "smpi/bcast:binomial_tree");  // the selector's choice needs seconds of set-up for 1000 ranks
    s4u::Engine::set_config("smpi/privatization:no");
    s4u::Engine::set_config("contexts/stack-size:1024");
    s4u::Engine::set_config("contexts/nthreads:1");
    s4u::Engine::set_config(grid::models_by_kind);  // the network's is set next
    s4u::Engine::set_config("exception/cutpath:yes");
    s4u::Engine::set_config("cpu/optim:Lazy");      // what is lockstep's time is not the file's to change:
    s4u::Engine::set_config("network/optim:Lazy");  // some of these values crash, or never end
    s4u::Engine::set_config("debug/breakpoint:-1");
    keep_default<double>("surf/precision");
    keep_default<double>("maxmin/precision");
    configure_network(config);
    trace.empty() ? s4u::Engine::set_config("tracing:no") : trace_into(trace);
}

PairQueues::Rules rules_of_queues(const scenario::Config& config, bool weights_are_one) {
    using scenario::OverlapProgress;
    constexpr double envelope_B = 16;  // which SMPI adds to each message
    PairQueues::Rules rules{.weights_are_one = weights_are_one};
    if (scenario::applies("send-ahead", config)) rules.send_ahead = config.send_ahead;
    if (config.overlap_progress != OverlapProgress::ideal)
        rules.handshake = {config.eager_limit_B + envelope_B,
                           config.overlap_progress == OverlapProgress::none};
    return rules;
}

}  // namespace

PreparedEngine::PreparedEngine(const scenario::Config& config, const std::string& trace)
    : engine_(make_engine()), platform_(describe_platform(config)) {
    set_options(config, trace);
    if (scenario::has_platform_file(config)) platform_ += make_settings_of_file(config);
    if (measures_energy(config)) start_host_meters();
    hosts_ = build_platform(engine_, config);
    const bool weights_are_one = share_links(engine_, config);
    queues_ = queue_pairs(engine_, hosts_, rules_of_queues(config, weights_are_one));
    configure_factors(engine_, config, queues_);
    if (scenario::has_platform_file(config)) breakdowns_.emplace(engine_);
    if (measures_energy(config)) link_meters_.emplace(engine_, config.platform);
}

}  // namespace lockstep::sim
