#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "scenario/options/option_groups.hpp"
#include "scenario/options/records.hpp"

namespace lockstep::scenario {
namespace {

constexpr QuantityRange speeds{"1f", "1000000Tf"};
constexpr QuantityRange latencies{"0s", "1h"};
constexpr QuantityRange bandwidths{"1Bps", "1000000GBps"};
constexpr QuantityRange powers{"0W", "1000MW"};
constexpr QuantityRange moments{"0s", "1000000h"};
constexpr QuantityRange durations{"1ns", "1000000h"};
constexpr double most_slowness = 1e6;

Kind with_commas(Kind kind) {
    kind.is_list = true;
    return kind;
}

template <typename Record>
Field<Record> worker_field() {
    return {"worker", true, "3",
            [](Record& record, std::string_view subject, std::string_view text) {
                record.worker = parse_whole(subject, text, {0, 65535}, describe(WholeRange{0, 65535}));
            },
            [](const Record& record) { return std::to_string(record.worker); }};
}

/// A time; left out of the text where it is `unset`.
template <typename Record>
Field<Record> time_field(std::string_view key, bool required, std::string example, double Record::*member,
                         QuantityRange range, double unset = std::numeric_limits<double>::quiet_NaN()) {
    return {key, required, std::move(example),
            [=](Record& record, std::string_view subject, std::string_view text) {
                record.*member = parse_quantity(subject, text, Quantity::time, range);
            },
            [=](const Record& record) {
                return record.*member == unset ? std::string()
                                               : render_quantity(Quantity::time, record.*member);
            }};
}

std::vector<Field<Straggler>> straggler_fields() {
    return {worker_field<Straggler>(),
            {"factor", true, "4",
             [](Straggler& straggler, std::string_view subject, std::string_view text) {
                 const std::string allowed =
                     fmt::format("a number from {:g} to {:g}", 1 / most_slowness, most_slowness);
                 straggler.factor = parse_positive_real(subject, text, most_slowness, allowed);
                 if (straggler.factor < 1 / most_slowness) throw base::InputError(subject, text, allowed);
             },
             [](const Straggler& straggler) { return fmt::format("{}", straggler.factor); }},
            time_field("from", false, "2s", &Straggler::from_s, moments, 0),
            time_field("to", false, "10s", &Straggler::to_s, moments, for_ever_s)};
}

std::vector<Field<Pause>> pause_fields() {
    return {worker_field<Pause>(), time_field("every", true, "1s", &Pause::every_s, durations),
            time_field("for", true, "50ms", &Pause::length_s, durations),
            time_field("from", false, "2s", &Pause::from_s, moments, 0)};
}

std::vector<Field<Failure>> failure_fields() {
    return {worker_field<Failure>(), time_field("at", true, "5s", &Failure::at_s, moments),
            time_field("back", false, "8s", &Failure::back_s, moments, for_ever_s)};
}

std::vector<Field<SpeedProfile>> profile_fields() {
    return {worker_field<SpeedProfile>(),
            {"file", true, "speed.txt",
             [](SpeedProfile& profile, std::string_view, std::string_view text) { profile.file = text; },
             [](const SpeedProfile& profile) { return profile.file; }}};
}

}  // namespace

std::vector<Option> processor_options() {
    return {
        {"speed", Group::processors, quantity(&Config::speed_flops, Quantity::speed, speeds),
         "Of each core, in floating-point operations a second."},
        {"vector-speed", Group::processors,
         quantity_or_none(&Config::vector_speed_flops, Quantity::speed, speeds),
         "Of a core of that --speed when it adds and scales whole vectors, as reductions and updates do; "
         "none: --speed."},
        {"copy-bandwidth", Group::processors,
         quantity_or_none(&Config::copy_bandwidth_Bps, Quantity::bandwidth, bandwidths),
         "At which a core copies vectors within its memory; none: that takes no time."},
        {"speeds", Group::slowness,
         speeds_or_multiples(&Config::speeds_flops, &Config::speed_multiples, speeds),
         "One speed per worker, in place of --speed for all: 5Gf,5Gf,1Gf; or multiples of it: 1,1,0.2. In "
         "the "
         "real world processors are slowed down to that: multiples are of --emulate-speed, or without it of "
         "the processor's own speed."},
        {"server-speed", Group::slowness,
         quantity_or_none(&Config::server_speed_flops, Quantity::speed, speeds),
         "Of each core of the dedicated server; none: --speed or --emulate-speed."},
        {"heterogeneity", Group::slowness, distribution(&Config::heterogeneity),
         "Of the time that a worker's processor needs for an operation, relative to --speed, drawn once for "
         "each "
         "worker."},
        {"variability", Group::slowness, distribution(&Config::variability),
         "Of the time of a step, drawn for each step of each worker; the draws do not depend on the method."},
        {"platform-seed", Group::slowness, whole_or("seed", &Config::platform_seed),
         "Of the draws of --heterogeneity, --variability and --jitter; seed: that of --seed."},
        {"straggler", Group::slowness, records(&Config::stragglers, straggler_fields()),
         "A worker whose processor takes that many times as long, always or for a time. Times count from the "
         "start of the clock."},
        {"pause", Group::slowness, records(&Config::pauses, pause_fields()),
         "A worker whose processor stands still again and again: every so often, for so long."},
        {"failure", Group::processors, records(&Config::failures, failure_fields()),
         "A worker whose processor stops, for good or until it comes back. Messages that need no processor "
         "still "
         "pass."},
        {"speed-profile", Group::processors, records(&Config::speed_profiles, profile_fields()),
         "A worker whose speed over time is in a file: lines of TIME and SPEED, in seconds and as a share of "
         "its "
         "full speed, and perhaps a line LOOPAFTER SECONDS."},
        {"workers-per-host", Group::processors, whole(&Config::workers_per_host, {1, 65536}),
         "Workers 0 .. N-1 share the first host and its cores, the next N the second, and so on; a dedicated "
         "server has a host of its own."},
        {"cores", Group::processors, whole(&Config::cores, {1, 65536}), "Per host."},
        {"memory", Group::processors, quantity(&Config::memory_B, Quantity::size, {"1MB", "1000000GB"}),
         "Per host, for the memory share in simulated runs."},
        {"idle-power", Group::processors, quantity(&Config::idle_power_W, Quantity::power, powers),
         "Of a host that computes nothing. Where any power is given, energy is reported."},
        {"busy-power", Group::processors, quantity(&Config::busy_power_W, Quantity::power, powers),
         "Of a host whose cores all compute; in between it grows with the cores in use."},
        {"emulate-speed", Group::emulation,
         quantity_or_none(&Config::emulate_speed_flops, Quantity::speed, speeds),
         "Real world: every rank takes the time that a processor of this speed would need, and sleeps when "
         "its arithmetic is done earlier; none: as fast as it can."},
    };
}

std::vector<Option> network_options() {
    return {
        {"topology", Group::network, choice(&Config::topology),
         "Of the generated network. star: a link for each host, to a switch that is never full; shared: all "
         "messages cross one backbone link; two-clusters: the first half of the hosts and the rest, joined "
         "by "
         "a backbone link; fat-tree, torus, dragonfly: of the shape that --topology-shape says."},
        {"topology-shape", Group::network,
         with_commas(text(&Config::topology_shape, "SHAPE", "nothing, or a shape", Empty::allowed)),
         "torus: 4x4x2; fat-tree: levels;down;up;parallel links: "
         "2;4,4;1,2;1,2; dragonfly: groups,links;chassis,links;routers,links;nodes: 3,4;3,2;3,1;2. Nothing: "
         "the smallest that holds all hosts."},
        {"latency", Group::network, quantity(&Config::latency_s, Quantity::time, latencies),
         "One-way latency between two workers of the star; each link has half of it, in every topology."},
        {"latencies", Group::network, quantity_list(&Config::latencies_s, Quantity::time, latencies),
         "One per worker, in place of --latency for all; its link has half of it."},
        {"bandwidth", Group::network, quantity(&Config::bandwidth_Bps, Quantity::bandwidth, bandwidths),
         "Of each worker's link, per direction."},
        {"duplex", Group::network, real_between(&Config::duplex, 1, 2),
         "What both directions of a worker's link carry together when both are in use, as multiples of one: "
         "2 is full duplex, 1 is half."},
        {"bandwidths", Group::network,
         quantity_list(&Config::bandwidths_Bps, Quantity::bandwidth, bandwidths),
         "One per worker, in place of --bandwidth for all."},
        {"server-latency", Group::network,
         quantity_or_none(&Config::server_latency_s, Quantity::time, latencies),
         "Of the dedicated server, in place of --latency; its link has half of it."},
        {"server-bandwidth", Group::network,
         quantity_or_none(&Config::server_bandwidth_Bps, Quantity::bandwidth, bandwidths),
         "Of the dedicated server's link, in place of --bandwidth."},
        {"backbone-latency", Group::network, quantity(&Config::backbone_latency_s, Quantity::time, latencies),
         "What the backbone link of shared and two-clusters adds, one way."},
        {"backbone-bandwidth", Group::network,
         quantity(&Config::backbone_bandwidth_Bps, Quantity::bandwidth, bandwidths),
         "Of the backbone link: of both directions together in shared, per direction in two-clusters."},
        {"loopback-latency", Group::network, quantity(&Config::loopback_latency_s, Quantity::time, latencies),
         "Between workers on one host."},
        {"loopback-bandwidth", Group::network,
         quantity(&Config::loopback_bandwidth_Bps, Quantity::bandwidth, bandwidths),
         "Of a host's memory, which all messages between its workers share."},
        {"platform", Group::network,
         text(&Config::platform, "FILE", "a platform file (XML), a calibration (JSON), or nothing",
              Empty::allowed),
         "Platform file (XML), in place of the generated processors and network; or a calibration (JSON, of "
         "lockstep calibrate), whose values stand in for those that are not given."},
        {"hosts", Group::network,
         with_commas(
             text(&Config::hosts, "HOST,HOST,...", "nothing, or hosts of the platform file", Empty::allowed)),
         "Hosts of the platform file that ranks 0, 1 ... take, dedicated servers after the workers: "
         "HOST or HOST:SLOTS, as often as ranks are to share it. Nothing: one each, in the natural order of "
         "their names."},
        {"hostfile", Group::network, text(&Config::hostfile, "FILE", "a file, or nothing", Empty::allowed),
         "File with these hosts, HOST or HOST:SLOTS a line, in place of --hosts."},
    };
}

std::vector<Option> message_options() {
    return {
        {"network-model", Group::network, choice(&Config::network_model),
         "Model of the network. CM02: latency + bytes / bandwidth, as in the closed forms; LV08, SMPI: "
         "corrected for the behaviour of TCP."},
        {"latency-factor", Group::network, factor(&Config::latency_factor),
         "Factor of every latency, in place of the network model's own; for SMPI also one for each size of "
         "messages."},
        {"bandwidth-factor", Group::network, factor(&Config::bandwidth_factor),
         "Factor of every bandwidth, likewise."},
        {"sharing", Group::network, choice(&Config::sharing),
         "Of a link between the messages that cross it. equal: each gets the same; rtt: in proportion to 1 / "
         "latency of its route, as TCP's flows do. A platform file's links are always shared by rtt."},
        {"jitter", Group::network, distribution(&Config::jitter),
         "Of the latency of a message, drawn for each."},
        {"overlap-progress", Group::network, choice(&Config::overlap_progress),
         "What the MPI library does for messages that are not eager while a processor computes. ideal: it "
         "moves them; receiver: only those that it sends; none: nothing, it makes progress inside its calls "
         "only."},
        {"eager-limit", Group::network, quantity(&Config::eager_limit_B, Quantity::size, {"0B", "1GB"}),
         "Messages smaller than this are sent without waiting for the receiver (0B: a transfer starts when "
         "both sides are ready, as the closed forms presume)."},
        {"message-overhead", Group::network, quantity(&Config::message_overhead_s, Quantity::time, latencies),
         "Time that the sender and the receiver each spend on a message before it can travel or be used."},
        {"receive-bandwidth", Group::network,
         quantity_or_none(&Config::receive_bandwidth_Bps, Quantity::bandwidth, bandwidths),
         "At which the receiver's processor takes in a message that has come, before it can be used; none: "
         "that takes no time."},
        {"link-idle-power", Group::network, quantity(&Config::link_idle_power_W, Quantity::power, powers),
         "Of each direction of a link that carries nothing."},
        {"link-busy-power", Group::network, quantity(&Config::link_busy_power_W, Quantity::power, powers),
         "Of each direction of a link in full use; in between it grows with the use."},
    };
}

std::vector<Option> simulation_options() {
    return {
        {"numerics", Group::simulation, choice(&Config::numerics),
         "real: the arithmetic is done, so loss and accuracy are true; none: timing only."},
        {"threads", Group::simulation, whole(&Config::threads, {0, 4096}),
         "Threads of this machine that do the simulated workers' arithmetic; 0: one per core."},
        {"data-cache", Group::simulation,
         text(&Config::data_cache, "DIR", "a folder, or nothing", Empty::allowed),
         "Folder where decoded or drawn data are kept, for later runs to map; nothing: none."},
        {"paje", Group::simulation, text(&Config::paje, "FILE", "a file, or nothing", Empty::allowed),
         "File for the simulator's own trace of the run, in the format of Paje; nothing: none."},
    };
}

}  // namespace lockstep::scenario
