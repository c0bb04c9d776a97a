#include "sim/platform/platform.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <xbt/config.hpp>

#include "base/error.hpp"
#include "base/units.hpp"
#include "option/lists.hpp"
#include "scenario/config.hpp"
#include "scenario/hosts.hpp"
#include "scenario/options/options.hpp"
#include "scenario/processors.hpp"
#include "sim/platform/placement.hpp"
#include "sim/platform/topology.hpp"
#include "sim/simgrid_version.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;

// SimGrid's own for LV08.
constexpr double lv08_latency = 13.01;
constexpr double lv08_bandwidth = 0.97;

/// For a message: `, and a server`.
std::string and_servers(const scenario::Config& config) {
    const std::size_t servers = scenario::server_count(config);
    if (servers == 0) return "";
    return servers == 1 ? ", and a server" : fmt::format(", and {} servers", servers);
}

void require_hosts(const scenario::Config& config, std::size_t available) {
    const std::size_t needed = host_count(config);
    if (available < needed)
        throw base::InputError(fmt::format(
            "--platform {}: it has {} hosts, the run needs {} (for {} workers, {} a host{}); use a larger "
            "platform or fewer --workers",
            config.platform, available, needed, config.workers, config.workers_per_host,
            and_servers(config)));
}

std::vector<s4u::Host*> in_order_of_ranks(const scenario::Config& config,
                                          const std::vector<s4u::Host*>& hosts) {
    std::vector<s4u::Host*> of_ranks;
    for (std::size_t rank = 0; rank < scenario::rank_count(config); ++rank)
        of_ranks.push_back(hosts.at(host_of_rank(config, rank)));
    return of_ranks;
}

/// Of ranks 0, 1, 2 ... where a file says what hosts there are.
std::vector<s4u::Host*> hosts_of_file(s4u::Engine& engine, const scenario::Config& config) {
    engine.load_platform(config.platform);
    const std::vector<s4u::Host*> hosts = hosts_by_name(engine);
    if (hosts.empty()) throw base::InputError(fmt::format("--platform {}: it has no host", config.platform));
    const std::vector<scenario::HostEntry> chosen = scenario::read_hosts(config);
    if (chosen.empty()) {
        require_hosts(config, hosts.size());
        return in_order_of_ranks(config, hosts);
    }
    std::vector<std::string> names;
    names.reserve(hosts.size());
    for (const s4u::Host* host : hosts) names.push_back(host->get_name());
    std::vector<s4u::Host*> of_ranks;
    for (const std::size_t place : scenario::places_of_ranks(chosen, names, scenario::rank_count(config)))
        of_ranks.push_back(hosts[place]);
    return of_ranks;
}

/// A factor for each size of messages from that on, or one for all.
using Factors = std::vector<std::pair<double, double>>;

Factors parse_factors(const std::string& text, double otherwise) {
    if (text.empty()) return {{0, otherwise}};
    Factors factors;
    for (const std::string_view part : option::split_list(text, ';')) {
        const std::size_t colon = part.find(':');
        const bool is_plain = colon == std::string_view::npos;
        factors.emplace_back(is_plain ? 0 : std::stod(std::string(part.substr(0, colon))),
                             std::stod(std::string(is_plain ? part : part.substr(colon + 1))));
    }
    return factors;
}

double factor_of(const Factors& factors, double size) {
    double factor = 1;
    for (const auto& [from, value] : factors)
        if (size >= from) factor = value;
    return factor;
}

/// As SMPI has it, for sizes above a bound, where --latency-factor has them from it on.
double factor_above(const Factors& factors, double size) {
    double factor = 1;
    double highest = -1;
    for (const auto& [above, value] : factors) {
        if (size <= above || above <= highest) continue;
        highest = above;
        factor = value;
    }
    return factor;
}

/// What the options leave to SMPI's own factors stays.
void set_smpi_factor(const char* key, const std::string& text) {
    if (text.empty()) return;
    s4u::Engine::set_config(
        fmt::format("{}:{}{}", key, text.find(':') == std::string::npos ? "0:" : "", text));
}

/// Draws of --jitter: one for each message between two hosts, whatever other messages there are.
class Jitter {
  public:
    Jitter(const s4u::Engine& engine, const scenario::Config& config)
        : distribution_(config.jitter), seed_(scenario::platform_seed(config)) {
        for (const s4u::Host* host : hosts_by_name(engine)) numbers_.emplace(host, numbers_.size());
    }

    double draw(const s4u::Host* from, const s4u::Host* to) {
        if (distribution_.is_constant()) return 1;
        const auto pair = static_cast<std::uint32_t>(numbers_.at(from) * 65536 + numbers_.at(to));
        base::RandomStream stream(seed_, base::Purpose::link_jitter, pair, messages_[pair]++);
        return distribution_.draw(stream);
    }

  private:
    base::Distribution distribution_;
    std::uint64_t seed_;
    std::map<const s4u::Host*, std::size_t> numbers_;  ///< by name: addresses differ between runs
    std::map<std::uint32_t, std::uint32_t> messages_;
};

}  // namespace

void configure_network(const scenario::Config& config) {
    switch (config.network_model) {
        case scenario::NetworkModel::cm02:
            s4u::Engine::set_config("network/model:CM02");
            s4u::Engine::set_config("network/crosstraffic:0");
            s4u::Engine::set_config("network/TCP-gamma:0");
            break;
        case scenario::NetworkModel::lv08:
            s4u::Engine::set_config("network/model:LV08");
            break;
        case scenario::NetworkModel::smpi:
            s4u::Engine::set_config("network/model:SMPI");
            set_smpi_factor("smpi/lat-factor", config.latency_factor);
            if (scenario::has_platform_file(config))  // whose <config> would win
                set_smpi_factor("smpi/bw-factor", config.bandwidth_factor);
            break;
    }
    // One threshold for both halves of "eager": the sender does not wait, and the transfer starts at once.
    const auto eager =
        static_cast<int>(std::min(config.eager_limit_B, 1.0 * std::numeric_limits<int>::max()));
    s4u::Engine::set_config(fmt::format("smpi/send-is-detached-thresh:{}", eager));
    s4u::Engine::set_config(fmt::format("smpi/async-small-thresh:{}", eager));
}

namespace {

/// SimGrid takes factors either from its settings or from a program.
void require_no_factors_of_file(const scenario::Config& config) {
    for (const char* key : {"network/latency-factor", "network/bandwidth-factor"})
        if (!simgrid::config::is_default(key))
            throw base::InputError(
                fmt::format("--platform {}: its <config> sets {}, which excludes --latency-factor, "
                            "--bandwidth-factor and "
                            "--jitter; take it out of the file, or leave these away",
                            config.platform, key));
}

/// SMPI's, of which --bandwidth-factor takes the place, or the model's.
std::optional<std::string> standing_factors(grid::FactorOf of, const scenario::Config& config) {
    const bool is_smpi = config.network_model == scenario::NetworkModel::smpi;
    if (of == grid::FactorOf::bandwidth && is_smpi && !scenario::has_platform_file(config) &&
        !config.bandwidth_factor.empty())
        return config.bandwidth_factor;
    return grid::own_factors(of, is_smpi);
}

/// Leaves all factors as they are, and takes the place of one of them only to hear of messages. Where a
/// file's <config> has its own of both, nobody does; where it has its own of bandwidths, they are not known.
void hear_of_messages(const s4u::Engine& engine, const scenario::Config& config,
                      const std::shared_ptr<PairQueues>& queues) {
    for (const grid::FactorOf of : {grid::FactorOf::bandwidth, grid::FactorOf::latency})
        if (const std::optional<std::string> standing = standing_factors(of, config)) {
            grid::set_factor(
                engine, of,
                [of, factors = parse_factors(*standing, 1), queues](
                    double size, const s4u::Host* from, const s4u::Host* to,
                    const std::vector<s4u::Link*>& links, const auto&...) {
                    const double factor = factor_above(factors, size);
                    queues->begin({from, to}, links, of == grid::FactorOf::bandwidth ? factor : 1);
                    return factor;
                });
            return;
        }
}

}  // namespace

void configure_factors(const s4u::Engine& engine, const scenario::Config& config,
                       const std::shared_ptr<PairQueues>& queues) {
    if (config.network_model == scenario::NetworkModel::smpi ||
        (config.latency_factor.empty() && config.bandwidth_factor.empty() && config.jitter.is_constant()))
        return hear_of_messages(engine, config, queues);
    require_no_factors_of_file(config);
    const bool is_lv08 = config.network_model == scenario::NetworkModel::lv08;
    grid::set_factor(engine, grid::FactorOf::latency,
                     [factors = parse_factors(config.latency_factor, is_lv08 ? lv08_latency : 1),
                      jitter = std::make_shared<Jitter>(engine, config)](
                         double size, const s4u::Host* from, const s4u::Host* to, const auto&...) {
                         return factor_of(factors, size) * jitter->draw(from, to);
                     });
    grid::set_factor(engine, grid::FactorOf::bandwidth,
                     [factors = parse_factors(config.bandwidth_factor, is_lv08 ? lv08_bandwidth : 1), queues](
                         double size, const s4u::Host* from, const s4u::Host* to,
                         const std::vector<s4u::Link*>& links, const auto&...) {
                         const double factor = factor_of(factors, size);
                         queues->begin({from, to}, links, factor);
                         return factor;
                     });
}

std::vector<s4u::Host*> hosts_by_name(const s4u::Engine& engine) {
    std::vector<s4u::Host*> hosts = engine.get_all_hosts();
    std::sort(hosts.begin(), hosts.end(), [](const s4u::Host* a, const s4u::Host* b) {
        return ::strverscmp(a->get_cname(), b->get_cname()) < 0;
    });
    return hosts;
}

std::vector<s4u::Host*> build_platform(s4u::Engine& engine, const scenario::Config& config) {
    std::vector<s4u::Host*> hosts = scenario::has_platform_file(config)
                                        ? hosts_of_file(engine, config)
                                        : in_order_of_ranks(config, build_topology(config));
    return hosts;
}

namespace {

/// Whatever else was said of the platform: `; jitter lognormal:0.2`.
std::string further(const scenario::Config& config) {
    constexpr std::array<std::string_view, 6> shown{"speed",   "speeds",    "cores",
                                                    "latency", "bandwidth", "topology"};
    std::string text;
    for (const scenario::Option& option : scenario::options()) {
        if (option.group != scenario::Group::processors && option.group != scenario::Group::slowness &&
            option.group != scenario::Group::network)
            continue;
        const std::string value = option.kind.get(config);
        if (value == scenario::default_text(option) || std::ranges::find(shown, option.key) != shown.end() ||
            option.key == "platform")
            continue;
        text += fmt::format("; {} {}", option.key, value);
    }
    return text;
}

}  // namespace

std::string describe_platform(const scenario::Config& config) {
    if (scenario::has_platform_file(config)) return config.platform + further(config);
    std::string speeds = fmt::format("{:g} Gf", config.speed_flops / 1e9);
    if (!config.speeds_flops.empty() || !config.speed_multiples.empty() ||
        !config.heterogeneity.is_constant()) {
        speeds.clear();
        std::vector<double> of_workers = scenario::processor_speeds(config);
        of_workers.resize(config.workers);
        constexpr std::size_t most_shown = 16;
        for (std::size_t i = 0; i < std::min(of_workers.size(), most_shown); ++i)
            speeds += fmt::format("{}{:.4g}", i == 0 ? "" : ", ", of_workers[i] / 1e9);
        speeds += of_workers.size() > most_shown ? ", ... Gf" : " Gf";
    }
    return fmt::format("{} of {} hosts, {}, {} core(s) each, latency {}, {:g} Mbit/s{}",
                       scenario::name(config.topology), host_count(config), speeds, config.cores,
                       base::format_time(config.latency_s), config.bandwidth_Bps * 8 / 1e6, further(config));
}

}  // namespace lockstep::sim
