#include "sim/platform/sharing.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "sim/platform/placement.hpp"
#include "sim/platform/platform_builder.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;
namespace resource = simgrid::kernel::resource;
using scenario::Config;
using scenario::Topology;

/// What SimGrid itself gives to a flow without latency, and to one that was suspended.
constexpr double same_penalty = 1;

/// Whether hosts have a link each, whose latency and bandwidth may be its own.
bool has_access_links(const Config& config) {
    return config.topology == Topology::star || config.topology == Topology::shared ||
           config.topology == Topology::two_clusters;
}

/// Whether SimGrid weighs all flows that can meet the same.
bool has_equal_weights(const Config& config) {
    const bool by_latency_alone = config.network_model == scenario::NetworkModel::cm02;
    if (!has_access_links(config)) return by_latency_alone && config.latency_s == 0;
    if (config.topology == Topology::two_clusters && (config.backbone_latency_s > 0 || !by_latency_alone))
        return false;
    const PlatformBuilder links(config);
    std::set<double> latencies_s;
    std::set<double> bandwidths_Bps;
    for (std::size_t host = 0; host < links.needed(); ++host) {
        latencies_s.insert(links.access_latency_s(host));
        bandwidths_Bps.insert(links.access_bandwidth_Bps(host));
    }
    return latencies_s.size() <= 1 && (by_latency_alone || bandwidths_Bps.size() <= 1);
}

/// Whether some routes that the method uses have no latency, and others have one.
bool has_latency_in_part(const Config& config) {
    if (!has_access_links(config)) return false;
    const PlatformBuilder links(config);
    const std::size_t first_half = (links.needed() + 1) / 2;
    bool some_have_it = false;
    bool some_lack_it = false;
    scenario::method_of(config)->for_each_pair(config.workers, [&](std::size_t a, std::size_t b) {
        const std::size_t from = host_of_rank(config, a);
        const std::size_t to = host_of_rank(config, b);
        if (from == to) return;  // through memory, which other messages do not pass
        const bool crosses_backbone =
            config.topology == Topology::shared ||
            (config.topology == Topology::two_clusters && (from < first_half) != (to < first_half));
        const double latency_s = links.access_latency_s(from) + links.access_latency_s(to) +
                                 (crosses_backbone ? config.backbone_latency_s : 0);
        (latency_s > 0 ? some_have_it : some_lack_it) = true;
    });
    return some_have_it && some_lack_it;
}

/// Gives flows the same penalty when they begin to use their links, which is when their latency is over; from
/// it SimGrid has just made another. In the step of the clock that ends there such a flow is in no queue of
/// events yet, which is how it is known.
class Equaliser {
  public:
    explicit Equaliser(resource::Model& network) : network_(network) {}

    /// The clock has gone forward.
    void step() {
        double oldest_s = s4u::Engine::get_clock();
        auto& flows = *network_.get_started_action_set();  // in the order of their starts
        for (auto flow = flows.rbegin(); flow != flows.rend() && flow->get_start_time() >= since_s_; ++flow) {
            if (flow->get_type() == resource::ActionHeap::Type::latency)
                oldest_s = flow->get_start_time();
            else if (flow->get_type() == resource::ActionHeap::Type::unset && flow->is_running())
                flow->set_sharing_penalty(same_penalty);
        }
        since_s_ = oldest_s;
    }

  private:
    resource::Model& network_;
    double since_s_ = 0;  ///< no flow that started before is in its latency
};

}  // namespace

resource::Model& network_of(const s4u::Engine& engine) {
    for (resource::Model* model : engine.get_all_models())
        if (model->get_name().starts_with("Network")) return *model;
    throw base::EnvironmentError("this SimGrid has no model of networks by that name");
}

bool share_links(const s4u::Engine& engine, const Config& config) {
    if (scenario::has_platform_file(config)) return false;
    if (config.sharing == scenario::Sharing::rtt) {
        if (has_latency_in_part(config))
            throw base::InputError("--sharing", "rtt",
                                   "equal where some routes in use have a latency and others have none",
                                   "a share in proportion to 1 / latency needs one");
        return false;
    }
    if (has_equal_weights(config)) return false;
    s4u::Engine::on_time_advance_cb(
        [equaliser = Equaliser(network_of(engine))](double) mutable { equaliser.step(); });
    return true;
}

}  // namespace lockstep::sim
