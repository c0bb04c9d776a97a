#include "exchange/catalogue.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "exchange/decentralised/ad_psgd.hpp"
#include "exchange/decentralised/gossip.hpp"
#include "exchange/gradient_code.hpp"
#include "exchange/server/backup_workers.hpp"
#include "exchange/server/bounded_staleness.hpp"
#include "exchange/server/by_arrival.hpp"
#include "exchange/server/dc_asgd.hpp"
#include "exchange/server/easgd.hpp"
#include "exchange/server/in_turn.hpp"
#include "exchange/server/softsync.hpp"
#include "exchange/synchronous/allreduce.hpp"
#include "exchange/synchronous/diloco.hpp"
#include "exchange/synchronous/gradient_mean.hpp"
#include "exchange/synchronous/hierarchical.hpp"
#include "exchange/synchronous/local_sgd.hpp"
#include "exchange/synchronous/post_local_sgd.hpp"
#include "exchange/synchronous/serial.hpp"
#include "exchange/synchronous/sync_average.hpp"

namespace lockstep::exchange {
namespace {

using scenario::Method;

/// Vectors of n values: on a worker; on a server, for itself and for each worker.
struct Vectors {
    double worker = 0;
    double server = 0;
    double server_per_worker = 0;
    double (*more_on_worker)(const scenario::Config& config) = nullptr;  ///< what depends on other options
    double (*more_on_server)(const scenario::Config& config) = nullptr;
};

/// One algorithm: its program, the closed form of its messages, its memory.
struct Exchange {
    Method method = Method::serial;
    void (*train)(Participant& participant) = nullptr;
    std::optional<comm::Traffic> (*traffic)(const scenario::Config& config, const Work& work) = nullptr;
    Vectors vectors = {};
};

constexpr Exchange catalogue[]{
    {Method::serial, serial, serial_traffic, {1}},
    {Method::allreduce, allreduce, allreduce_traffic, {2, 0, 0, gradient_mean_vectors}},
    {Method::sync_average, sync_average, sync_average_traffic, {2}},
    {Method::local_sgd, local_sgd, local_sgd_traffic, {2}},
    {Method::post_local_sgd, post_local_sgd, post_local_sgd_traffic, {2}},
    {Method::diloco, diloco, diloco_traffic, {6}},
    {Method::hierarchical, hierarchical, hierarchical_traffic, {3}},
    {Method::backup_workers,
     backup_workers,
     backup_workers_traffic,
     {2, 2, 2, vectors_to_encode, vectors_to_decode}},
    {Method::in_turn, in_turn, in_turn_traffic, {3, 1, 2}},
    {Method::by_arrival, by_arrival, by_arrival_traffic, {1, 1, 2, by_arrival_copies}},
    {Method::bounded_staleness,
     bounded_staleness,
     bounded_staleness_traffic,
     {2, 1, 2, vectors_to_encode, vectors_to_decode}},
    {Method::softsync, softsync, softsync_traffic, {2, 1, 2, vectors_to_encode, vectors_to_decode}},
    {Method::dc_asgd, dc_asgd, dc_asgd_traffic, {2, 2, 2, vectors_to_encode, vectors_to_decode}},
    {Method::easgd, easgd, easgd_traffic, {4, 1, 2}},
    {Method::gossip, gossip, gossip_traffic, {3, 0, 0, gossip_inboxes}},
    {Method::ad_psgd, ad_psgd, ad_psgd_traffic, {2, 0, 0, ad_psgd_inboxes}},
};

const Exchange& find(Method method) {
    const auto* const found = std::ranges::find(catalogue, method, &Exchange::method);
    if (found == std::end(catalogue)) throw std::logic_error("a method without an algorithm");
    return *found;
}

}  // namespace

void train(Participant& participant) {
    find(participant.config.method).train(participant);
}

double vectors_held(const scenario::Config& config, bool server) {
    const Vectors& vectors = find(config.method).vectors;
    const auto more = server ? vectors.more_on_server : vectors.more_on_worker;
    const auto servers = static_cast<double>(scenario::server_count(config));
    const double always =
        server ? (vectors.server + vectors.server_per_worker * static_cast<double>(config.workers)) / servers
               : vectors.worker;
    return always + (more == nullptr ? 0 : more(config));
}

std::optional<comm::Traffic> predict_traffic(const scenario::Config& config, const Work& work) {
    return find(config.method).traffic(config, work);
}

}  // namespace lockstep::exchange
