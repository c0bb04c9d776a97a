#include <string>

#include "scenario/options/options.hpp"
#include "scenario/options/ranges.hpp"

namespace lockstep::scenario {
namespace {

using option::choice;
using option::distribution;
using option::Empty;
using option::factor;
using option::of;
using option::quantity;
using option::quantity_list;
using option::quantity_or_none;
using option::QuantityRange;
using option::real_between;
using option::text;

constexpr QuantityRange latencies{"0s", "1h"};

Kind with_commas(Kind kind) {
    kind.is_list = true;
    return kind;
}

}  // namespace

std::vector<Option> network_options() {
    return {
        {"topology", Group::network, choice(&Config::topology),
         "Of the generated network. star: a link for each host, to a switch that is never full; shared: all "
         "messages cross one backbone link; two-clusters: the first half of the hosts and the rest, joined "
         "by "
         "a backbone link; fat-tree, torus, dragonfly: of the shape that --topology-shape says."},
        {"topology-shape", Group::network,
         with_commas(of(&Config::topology_shape, text("SHAPE", "nothing, or a shape", Empty::allowed))),
         "torus: 4x4x2; fat-tree: levels;down;up;parallel links: "
         "2;4,4;1,2;1,2; dragonfly: groups,links;chassis,links;routers,links;nodes: 3,4;3,2;3,1;2. Nothing: "
         "the smallest that holds all hosts."},
        {"latency", Group::network, of(&Config::latency_s, quantity(Quantity::time, latencies)),
         "One-way latency between two workers of the star; each link has half of it, in every topology."},
        {"latencies", Group::network, of(&Config::latencies_s, quantity_list(Quantity::time, latencies)),
         "One per worker, in place of --latency for all; its link has half of it."},
        {"bandwidth", Group::network, of(&Config::bandwidth_Bps, quantity(Quantity::bandwidth, bandwidths)),
         "Of each worker's link, per direction."},
        {"duplex", Group::network, of(&Config::duplex, real_between(1, 2)),
         "What both directions of a worker's link carry together when both are in use, as multiples of one: "
         "2 is full duplex, 1 is half."},
        {"send-ahead", Group::network, of(&Config::send_ahead, real_between(0, 1)),
         "Share of a message that leaves before its sender's next one begins: 1 is first in, first out."},
        {"bandwidths", Group::network,
         of(&Config::bandwidths_Bps, quantity_list(Quantity::bandwidth, bandwidths)),
         "One per worker, in place of --bandwidth for all."},
        {"server-latency", Group::network,
         of(&Config::server_latency_s, quantity_or_none(Quantity::time, latencies)),
         "Of the dedicated server, in place of --latency; its link has half of it."},
        {"server-bandwidth", Group::network,
         of(&Config::server_bandwidth_Bps, quantity_or_none(Quantity::bandwidth, bandwidths)),
         "Of the dedicated server's link, in place of --bandwidth."},
        {"backbone-latency", Group::network,
         of(&Config::backbone_latency_s, quantity(Quantity::time, latencies)),
         "What the backbone link of shared and two-clusters adds, one way."},
        {"backbone-bandwidth", Group::network,
         of(&Config::backbone_bandwidth_Bps, quantity(Quantity::bandwidth, bandwidths)),
         "Of the backbone link: of both directions together in shared, per direction in two-clusters."},
        {"loopback-latency", Group::network,
         of(&Config::loopback_latency_s, quantity(Quantity::time, latencies)),
         "Between workers on one host."},
        {"loopback-bandwidth", Group::network,
         of(&Config::loopback_bandwidth_Bps, quantity(Quantity::bandwidth, bandwidths)),
         "Of a host's memory, which all messages between its workers share."},
        {"platform", Group::network,
         of(&Config::platform,
            text("FILE", "a platform file (XML), a calibration (JSON), or nothing", Empty::allowed)),
         "Platform file (XML), in place of the generated processors and network; or a calibration (JSON, of "
         "lockstep calibrate), whose values stand in for those that are not given; NETWORK.json,STEPS.json: "
         "two of them, of network and steps apart."},
        {"hosts", Group::network,
         with_commas(of(&Config::hosts,
                        text("HOST,HOST,...", "nothing, or hosts of the platform file", Empty::allowed))),
         "Hosts of the platform file that ranks 0, 1 ... take, dedicated servers after the workers: "
         "HOST or HOST:SLOTS, as often as ranks are to share it. Nothing: one each, in the natural order of "
         "their names."},
        {"hostfile", Group::network,
         of(&Config::hostfile, text("FILE", "a file, or nothing", Empty::allowed)),
         "File with these hosts, HOST or HOST:SLOTS a line, in place of --hosts."},
    };
}

std::vector<Option> message_options() {
    return {
        {"network-model", Group::network, choice(&Config::network_model),
         "Model of the network. CM02: latency + bytes / bandwidth, as in the closed forms; LV08, SMPI: "
         "corrected for the behaviour of TCP."},
        {"latency-factor", Group::network, of(&Config::latency_factor, factor()),
         "Factor of every latency, in place of the network model's own; for SMPI also one for each size of "
         "messages."},
        {"bandwidth-factor", Group::network, of(&Config::bandwidth_factor, factor()),
         "Factor of every bandwidth, likewise."},
        {"sharing", Group::network, choice(&Config::sharing),
         "Of a link between the messages that cross it. equal: each gets the same; rtt: in proportion to 1 / "
         "latency of its route, as TCP's flows do. A platform file's links are always shared by rtt."},
        {"jitter", Group::network, of(&Config::jitter, distribution()),
         "Of the latency of a message, drawn for each."},
        {"overlap-progress", Group::network, choice(&Config::overlap_progress),
         "What the MPI library does for messages that are not eager while a processor computes. ideal: it "
         "moves them; receiver: only those that it sends; none: nothing, it makes progress inside its calls "
         "only. A message that has begun to move needs nobody any more."},
        {"eager-limit", Group::network, of(&Config::eager_limit_B, quantity(Quantity::size, {"0B", "1GB"})),
         "Messages smaller than this are sent without waiting for the receiver (0B: a transfer starts when "
         "both sides are ready, as the closed forms presume)."},
        {"message-overhead", Group::network,
         of(&Config::message_overhead_s, quantity(Quantity::time, latencies)),
         "Time that the sender and the receiver each spend on a message before it can travel or be used."},
        {"receive-bandwidth", Group::network,
         of(&Config::receive_bandwidth_Bps, quantity_or_none(Quantity::bandwidth, bandwidths)),
         "At which the receiver's processor takes in a message that has come, before it can be used; none: "
         "that takes no time."},
        {"link-idle-power", Group::network, of(&Config::link_idle_power_W, quantity(Quantity::power, powers)),
         "Of each direction of a link that carries nothing."},
        {"link-busy-power", Group::network, of(&Config::link_busy_power_W, quantity(Quantity::power, powers)),
         "Of each direction of a link in full use; in between it grows with the use."},
    };
}

}  // namespace lockstep::scenario
