#include <limits>
#include <string>

#include "scenario/options/option_groups.hpp"

namespace lockstep::scenario {
namespace {

constexpr WholeRange any_count{0, std::numeric_limits<std::uint32_t>::max()};

}  // namespace

std::vector<Option> exchange_options() {
    return {
        {"period", Group::exchange, period(&Config::period),
         "Steps between two averages of local-sgd, post-local-sgd, diloco, easgd, and across the groups of "
         "hierarchical; epoch: once an epoch (iterative parameter mixing); once: at the end (one-shot "
         "averaging)."},
        {"synchronous-epochs", Group::exchange, whole(&Config::synchronous_epochs, any_count),
         "Epochs at the start in which post-local-sgd averages every step."},
        {"outer-optimiser", Group::exchange, choice(&Config::outer_optimiser),
         "What diloco does with the workers' mean progress, as if it were a gradient."},
        {"outer-lr", Group::exchange, positive_real(&Config::outer_lr), "Learning rate of that."},
        {"outer-momentum", Group::exchange, proper_fraction(&Config::outer_momentum), "Momentum of that."},
        {"groups", Group::exchange, whole(&Config::groups, from_one),
         "Equal groups of neighbouring workers in hierarchical."},
        {"group-period", Group::exchange, whole(&Config::group_period, from_one),
         "Steps between two averages within a group of hierarchical; --period is a multiple of it."},
        {"backup", Group::exchange, whole(&Config::backup, any_count),
         "Workers that a round of backup-workers does without: the last ones' gradients are dropped."},
        {"push-every", Group::exchange, whole(&Config::push_every, from_one),
         "Steps after which a worker of by-arrival sends its progress."},
        {"pull-every", Group::exchange, whole(&Config::pull_every, from_one),
         "Steps after which it takes the shared parameters in exchange: a multiple of --push-every."},
        {"staleness-bound", Group::exchange, whole_or("none", &Config::staleness_bound),
         "Steps by which a worker of bounded-staleness may be ahead of the slowest when it starts one; none: "
         "as by-arrival."},
        {"splitting", Group::exchange, whole(&Config::splitting, from_one),
         "softsync steps by the mean of workers / splitting gradients, rounded down; 1: synchronous."},
        {"compensation", Group::exchange, non_negative_real(&Config::compensation),
         "Lambda of dc-asgd: how much of gradient^2 times the delay's drift corrects a gradient."},
        {"compensation-rule", Group::exchange, choice(&Config::compensation_rule),
         "constant: lambda as given; adaptive: divided by the root of the gradients' mean square."},
        {"compensation-decay", Group::exchange, proper_fraction(&Config::compensation_decay),
         "Of that mean square."},
        {"elasticity", Group::exchange, non_negative_real_or_none(&Config::elasticity, 1),
         "Share alpha of their distance by which a worker of easgd and the shared parameters approach each "
         "other; none: 0.9 / workers."},
        {"step-size", Group::exchange, choice(&Config::step_size),
         "Of asynchronous methods. staleness-aware: an update counts 1 / max(1, staleness)."},
        {"servers", Group::exchange, whole(&Config::servers, {1, 65536}),
         "Dedicated servers, each with its part of the shared parameters."},
        {"graph", Group::exchange, choice(&Config::graph), "Of the neighbours in gossip."},
        {"gossip-order", Group::exchange, choice(&Config::gossip_order),
         "combine-then-adapt: neighbours' parameters are averaged while the gradient is computed (D-PSGD); "
         "adapt-then-combine: after the step."},
        {"compression", Group::exchange, choice(&Config::compression), "Of gradients on their way."},
        {"top-k", Group::exchange, positive_real(&Config::top_k, 1), "Share of the values that top-k sends."},
        {"levels", Group::exchange, whole(&Config::levels, {1, 32767}), "Levels s of qsgd."},
        {"compression-rank", Group::exchange, whole(&Config::compression_rank, {1, 4096}),
         "Rank of power-sgd's factors."},
        {"buckets", Group::exchange, whole(&Config::buckets, {0, 4096}),
         "Parts in which allreduce sends the last layers' gradients while earlier ones are being computed; "
         "0: "
         "none, it sends when all is computed."},
        {"replay", Group::exchange, text(&Config::replay, "FILE", "a file, or nothing", Empty::allowed),
         "Force the order in which messages were taken in the run that wrote this file by --record."},
    };
}

}  // namespace lockstep::scenario
