#include "exchange/partners.hpp"

#include <bit>

#include "exchange/decentralised/graph.hpp"

namespace lockstep::exchange {
namespace {

using scenario::Collective;
using scenario::Compression;
using scenario::Config;
using Visit = base::FunctionRef<void(std::size_t, std::size_t)>;

/// Ranks first, first + stride ... that sum or gather together.
struct Members {
    std::size_t first;
    std::size_t stride;
    std::size_t size;

    std::size_t rank(std::size_t place) const { return first + place * stride; }
};

void pairs_of_ring(const Members& members, Visit visit) {
    if (members.size == 1) return;
    for (std::size_t i = 0; i < members.size; ++i)
        visit(members.rank(i), members.rank((i + 1) % members.size));
}

void pairs_of_tree(const Members& members, Visit visit) {
    for (std::size_t distance = 1; distance < members.size; distance *= 2)
        for (std::size_t i = 0; i + distance < members.size; i += 2 * distance)
            visit(members.rank(i), members.rank(i + distance));
}

/// Of recursive doubling and halving, with what sits out of them (comm/collectives/fold.hpp).
void pairs_of_doubling(const Members& members, Visit visit) {
    const std::size_t size = std::bit_floor(members.size);
    const std::size_t surplus = members.size - size;
    const auto rank_at = [&](std::size_t position) {
        return members.rank(position < surplus ? 2 * position + 1 : position + surplus);
    };
    for (std::size_t i = 0; i < surplus; ++i) visit(members.rank(2 * i), members.rank(2 * i + 1));
    for (std::size_t distance = 1; distance < size; distance *= 2)
        for (std::size_t position = 0; position < size; ++position)
            if ((position & distance) == 0) visit(rank_at(position), rank_at(position ^ distance));
}

void pairs_of_sum(Collective collective, const Members& members, Visit visit) {
    switch (collective) {
        case Collective::ring:
            return pairs_of_ring(members, visit);
        case Collective::tree:
            return pairs_of_tree(members, visit);
        case Collective::recursive_doubling:
        case Collective::rabenseifner:
            return pairs_of_doubling(members, visit);
        case Collective::flat:
            for (std::size_t i = 1; i < members.size; ++i) visit(members.rank(0), members.rank(i));
            return;
        case Collective::library:
            for (std::size_t i = 0; i < members.size; ++i)
                for (std::size_t j = 0; j < i; ++j) visit(members.rank(j), members.rank(i));
            return;
    }
}

/// Buckets and codes that no sum carries go around a ring, whatever the collective.
bool goes_around(const Config& config) {
    if (config.method != scenario::Method::allreduce) return false;
    using enum Compression;
    return config.buckets > 0 || config.compression == top_k || config.compression == qsgd ||
           config.compression == sign;
}

void pairs_of_levels(const Config& config, Visit visit) {
    const std::size_t size = config.workers / config.groups;
    for (std::size_t group = 0; group < config.groups; ++group) {
        const Members members{group * size, 1, size};
        pairs_of_sum(config.collective, members, visit);
        if (config.groups > 1) pairs_of_tree(members, visit);  // the leader tells what all agreed on
    }
    pairs_of_sum(config.collective, {0, size, config.groups}, visit);
}

void pairs_with_servers(const Config& config, Visit visit) {
    for (std::size_t worker = 0; worker < config.workers; ++worker)
        for (std::size_t server = 0; server < scenario::server_count(config); ++server)
            visit(worker, config.workers + server);
}

void pairs_of_graph(const Config& config, Visit visit) {
    for (std::size_t worker = 0; worker < config.workers; ++worker)
        for (const std::size_t target : neighbours(config.graph, config.workers, worker).targets)
            visit(worker, target);
}

/// Those of even rank ask any of odd rank.
void pairs_of_askers(const Config& config, Visit visit) {
    for (std::size_t asker = 0; asker < config.workers; asker += 2)
        for (std::size_t asked = 1; asked < config.workers; asked += 2) visit(asker, asked);
}

}  // namespace

void for_each_pair(const Config& config, Visit visit) {
    if (scenario::has_dedicated_server(config)) return pairs_with_servers(config, visit);
    using enum scenario::Method;
    const Members workers{0, 1, config.workers};
    switch (config.method) {
        case serial:
            return;
        case in_turn:
            return pairs_of_ring(workers, visit);
        case gossip:
            return pairs_of_graph(config, visit);
        case ad_psgd:
            return pairs_of_askers(config, visit);
        case hierarchical:
            return pairs_of_levels(config, visit);
        default:
            if (goes_around(config)) return pairs_of_ring(workers, visit);
            return pairs_of_sum(config.collective, workers, visit);
    }
}

}  // namespace lockstep::exchange
