// Counted messages and bytes are those that the catalogue predicts, for every method, collective, server and
// compression.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/ranges.h>

#include "exchange/catalogue.hpp"
#include "scenario/applicability.hpp"
#include "scenario/config.hpp"
#include "tests/contract/contract.hpp"
#include "tests/contract/exchange/exchange_reference.hpp"
#include "tests/support/exchange_run.hpp"

namespace lockstep::contract {
namespace {

using scenario::Collective;
using scenario::Config;
using scenario::Method;
using scenario::Server;

/// Methods that sum over all ranks, with every collective of ours and several periods.
void add_collective_methods(std::size_t ranks, std::vector<Config>& all) {
    Config config;
    config.workers = ranks;
    for (const Method method :
         {"allreduce", "sync-average", "local-sgd", "post-local-sgd", "diloco", "hierarchical", "easgd"}) {
        config.method = method;
        for (const Collective& choice : Collective::all()) {
            if (choice == Collective("library")) continue;
            config.collective = choice;
            for (const std::size_t period : {1U, 3U}) {
                config.period.steps = period;
                config.synchronous_epochs = period % 2;
                for (const std::size_t groups : {1U, 2U, 4U}) {
                    config.groups = groups;
                    if (ranks % groups == 0) all.push_back(config);
                    if (method != "hierarchical") break;
                }
                if (method == "allreduce" || method == "sync-average") break;
            }
        }
    }
}

void add_buckets(std::size_t ranks, std::vector<Config>& all) {
    Config config;
    config.method = Method("allreduce");
    config.workers = ranks;
    config.collective = Collective("ring");
    for (const std::size_t buckets : {1U, 3U, 8U}) {
        config.buckets = buckets;
        all.push_back(config);
    }
}

void add_methods_on_graphs(std::size_t ranks, std::vector<Config>& all) {
    Config config;
    config.workers = ranks;
    config.method = Method("ad-psgd");
    all.push_back(config);
    config.method = Method("gossip");
    for (const scenario::Graph& graph : scenario::Graph::all()) {
        if (!has_graph(graph, ranks)) continue;
        config.graph = graph;
        for (const auto& order : names_of(scenario::GossipOrder{})) {
            config.gossip_order = order.value;
            all.push_back(config);
        }
    }
}

/// Compressed gradients, by every collective that may carry them.
void add_compressions(std::size_t ranks, std::vector<Config>& all) {
    Config config;
    config.workers = ranks;
    config.method = Method("allreduce");
    config.top_k = 0.4;
    config.levels = 2;
    config.compression_rank = 1;
    for (const scenario::Compression& compression : scenario::Compression::all())
        for (const Collective& collective : Collective::all()) {
            config.compression = compression;
            config.collective = collective;
            // Those that no collective carries, once.
            if (collective == Collective("tree") || scenario::applies("collective", config))
                if (collective != Collective("library")) all.push_back(config);
        }
    if (ranks == 1) return;
    config.workers = ranks - 1;
    for (const scenario::Compression& compression : scenario::Compression::all())
        for (const Method method :
             {Method("bounded-staleness"), Method("softsync"), Method("backup-workers")}) {
            config.compression = compression;
            config.method = method;
            config.backup = config.workers > 1 ? 1 : 0;
            all.push_back(config);
        }
}

/// Methods with dedicated servers, of which there may be several.
void add_served_methods(std::size_t ranks, std::vector<Config>& all) {
    for (std::size_t servers = 1; servers < std::min<std::size_t>(ranks, 4); ++servers) {
        Config config;
        config.server = Server::dedicated;
        config.servers = servers;
        config.workers = ranks - servers;
        for (const Method method : {"by-arrival", "bounded-staleness", "dc-asgd", "easgd"}) {
            config.method = method;
            for (const std::size_t period : {1U, 3U}) {
                config.period.steps = period;
                config.push_every = 2;
                config.pull_every = 2 * period;
                all.push_back(config);
            }
        }
        if (servers > 1) continue;
        for (const Method method : {"softsync", "backup-workers"}) {
            config.method = method;
            for (const std::size_t kind : {0U, 1U, 2U}) {
                config.splitting = std::min(kind + 1, config.workers);
                config.backup = std::min(kind, config.workers - 1);
                all.push_back(config);
            }
        }
    }
}

/// Every combination that needs just this many ranks.
std::vector<Config> all_configurations(std::size_t ranks) {
    std::vector<Config> all;
    Config config;
    if (ranks == 1) all.push_back(config);
    add_collective_methods(ranks, all);
    add_buckets(ranks, all);
    add_methods_on_graphs(ranks, all);
    add_compressions(ranks, all);
    add_served_methods(ranks, all);
    config.workers = ranks;
    config.method = Method("in-turn");
    all.push_back(config);
    if (ranks == 1) return all;
    config.workers = ranks - 1;
    config.server = Server::dedicated;
    all.push_back(config);
    config.method = Method("by-arrival");
    all.push_back(config);
    config.server = Server::none;  // has a server all the same
    all.push_back(config);
    return all;
}

void counted_is_predicted(Communicator& communicator, Findings& findings) {
    for (const Config& config : all_configurations(communicator.size())) {
        for (const std::uint64_t steps : {0U, 1U, 4U}) {
            // A vector of odd length, or a matrix that power-sgd factors.
            support::Job job{.steps = steps, .start = {1, 2, 3, 4, 5}};
            if (steps == 4) job = {.steps = steps, .start = std::vector<float>(35, 1), .columns = 7};
            const base::Block block = job.block();
            const auto run = run_exchange(communicator, config, job);
            const comm::Traffic& counted = run.traffic;
            const auto predicted = scenario::method_of(config)->traffic(
                {config.workers, steps, steps, job.start.size(), run.steps_taken, {&block, 1}});
            const std::string kind =
                fmt::format("{} {} {} {} {}, {} servers, {} steps", scenario::name(config.method),
                            scenario::name(config.collective), scenario::name(config.server),
                            scenario::name(config.graph), scenario::name(config.compression),
                            scenario::server_count(config), steps);
            findings.expect(predicted.has_value(), "{}: nothing predicted", kind);
            if (predicted)
                findings.expect(counted.messages == predicted->messages && counted.bytes == predicted->bytes,
                                "{}: counted {} messages of {} bytes, predicted {} of {}", kind,
                                counted.messages, counted.bytes, predicted->messages, predicted->bytes);
        }
    }
}

/// Of this rank.
std::set<std::size_t> partners(const Communicator& communicator, const Config& config) {
    std::set<std::size_t> partners;
    scenario::method_of(config)->for_each_pair(config.workers, [&](std::size_t a, std::size_t b) {
        if (a == communicator.rank()) partners.insert(b);
        if (b == communicator.rank()) partners.insert(a);
    });
    return partners;
}

void messages_go_where_they_are_told_to_go(Communicator& communicator, Findings& findings) {
    for (const Config& config : all_configurations(communicator.size())) {
        const support::Job job{.steps = 6, .start = std::vector<float>(35, 1), .columns = 7};
        run_exchange(communicator, config, job);
        std::set<std::size_t> met;
        for (const auto& [peer, messages] : communicator.log().messages().peers()) met.insert(peer);
        const std::set<std::size_t> told = partners(communicator, config);
        const bool is_drawn = config.method == Method("ad-psgd");
        findings.expect(is_drawn ? std::ranges::includes(told, met) : told == met,
                        "{} {} {} {}, {} servers: rank {} met {}, should meet {}",
                        scenario::name(config.method), scenario::name(config.collective),
                        scenario::name(config.graph), scenario::name(config.compression),
                        scenario::server_count(config), communicator.rank(), fmt::join(met, " "),
                        fmt::join(told, " "));
    }
}

void the_library_s_own_traffic_is_not_predicted(Communicator& communicator, Findings& findings) {
    Config config;
    config.method = Method("sync-average");
    config.workers = communicator.size();
    config.collective = Collective("library");
    const auto predicted = scenario::method_of(config)->traffic({config.workers, 3, 3, 5, 0});
    findings.expect(predicted.has_value() == (communicator.size() == 1), "predicted: {}",
                    predicted.has_value());
}

}  // namespace

std::vector<Case> traffic_cases() {
    return {{"counted traffic is the predicted traffic", counted_is_predicted},
            {"messages go between the pairs that are told", messages_go_where_they_are_told_to_go},
            {"the library's own traffic is not predicted", the_library_s_own_traffic_is_not_predicted}};
}

}  // namespace lockstep::contract
