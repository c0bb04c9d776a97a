#include "run/replay/order.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/build_info.hpp"
#include "base/error.hpp"
#include "model/products.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::run {
namespace {

using base::InputError;
using result::Entry;

std::string text_of(std::string_view key, const scenario::Config& config) {
    return scenario::find_option(key)->kind.get(config);
}

/// What decides which messages there are, and who waits for which.
std::vector<Entry> shape(const scenario::Config& config, const Problem& problem) {
    const std::uint64_t steps = problem.steps(config);
    std::vector<Entry> entries{{"method", text_of("method", config)},
                               {"workers", text_of("workers", config)},
                               {"servers", std::to_string(scenario::server_count(config))},
                               {"steps", std::to_string(steps)}};
    for (const std::string_view key : config.method->traits->message_keys)
        if (!key.empty()) entries.emplace_back(key, text_of(key, config));
    if (scenario::applies("period", config))
        entries.emplace_back("period",
                             std::to_string(config.period.in_steps(problem.order.rounds_per_epoch(), steps)));
    if (config.method->traits->draws_peers) entries.emplace_back("seed", text_of("seed", config));
    return entries;
}

bool decides_parameters(const scenario::Option& option) {
    using enum scenario::Group;
    constexpr std::array groups{method, exchange, data, model, training};
    constexpr std::array<std::string_view, 3> without{"server", "test-samples", "replay"};
    return std::ranges::count(groups, option.group) > 0 && std::ranges::count(without, option.key) == 0;
}

/// What decides the parameters besides: the same options, machine code for the same processor.
std::vector<Entry> values(const scenario::Config& config, const std::vector<Entry>& shape,
                          const Problem& problem) {
    std::vector<Entry> entries{{"instruction-set", std::string(base::instruction_set())},
                               {"products", model::products_library()}};
    for (const scenario::Option& option : scenario::options()) {
        const auto in_shape = std::ranges::count(shape, option.key, &Entry::first) > 0;
        if (!in_shape && decides_parameters(option) && scenario::applies(option.key, config))
            entries.emplace_back(option.key, option.key == "data" ? data_trained_on(config, problem)
                                                                  : option.kind.get(config));
    }
    return entries;
}

std::string value_in(const std::vector<Entry>& entries, const std::string& key) {
    const auto found = std::ranges::find(entries, key, &Entry::first);
    return found == entries.end() ? "nothing" : found->second;
}

/// Keys of which the two say something else, in the order of `ours`, then of `theirs`.
std::vector<std::string> differing(const std::vector<Entry>& ours, const std::vector<Entry>& theirs) {
    std::vector<std::string> keys;
    for (const auto* entries : {&ours, &theirs})
        for (const auto& [key, value] : *entries)
            if (value_in(ours, key) != value_in(theirs, key) && std::ranges::count(keys, key) == 0)
                keys.push_back(key);
    return keys;
}

void drop_pending(std::vector<exchange::Arrival>& arrivals, const std::vector<result::Update>& updates) {
    std::uint32_t versions = 0;
    for (const result::Update& update : updates) versions = std::max(versions, update.version_applied + 1);
    std::erase_if(arrivals, [&](const auto& arrival) { return arrival.version_applied >= versions; });
}

void require_ranks(const result::Order& order, const scenario::Config& config) {
    const std::size_t ranks = scenario::rank_count(config);
    for (const exchange::Arrival& arrival : order.arrivals)
        if (arrival.taker >= ranks || arrival.worker >= config.workers)
            throw InputError(fmt::format("--replay {}", config.replay),
                             fmt::format("rank {} took a step of worker {}", arrival.taker, arrival.worker),
                             fmt::format("ranks below {}, workers below {}", ranks, config.workers),
                             "record the order again");
}

}  // namespace

result::Order load_order(const scenario::Config& config, const Problem& problem) {
    const std::string subject = fmt::format("--replay {}", config.replay);
    result::Order order;
    try {
        order = result::read_order(config.replay);
    } catch (const InputError& error) {
        throw InputError(fmt::format("--replay: {}", error.what()));
    }
    const std::vector<Entry> ours = shape(config, problem);
    if (const auto keys = differing(ours, order.shape); !keys.empty())
        throw InputError(
            subject, fmt::format("an order with {} = {}", keys.front(), value_in(order.shape, keys.front())),
            fmt::format("{} = {}, as this run has", keys.front(), value_in(ours, keys.front())),
            keys.front() == "steps" ? "batches, epochs and samples make the steps of a worker"
                                    : "change the run, or record another order");
    require_ranks(order, config);
    if (!order.complete)
        throw InputError(subject, "the order of a run that did not come to its end", "that of a run that did",
                         "record a run that comes to its end");
    return order;
}

exchange::ArrivalOrder order_of_rank(const scenario::Config& config, const Problem& problem,
                                     std::size_t rank) {
    const bool keeps = scenario::records_order(config);
    if (problem.replayed == nullptr) return {keeps, {}};
    return {keeps, exchange::taken_by(rank, problem.replayed->arrivals)};
}

result::Order recorded_order(const result::Result& result, const std::vector<RankReport>& reports,
                             const Problem& problem) {
    result::Order order;
    order.provenance = {{"world", backend::time_is_simulated() ? "simulated" : "real"},
                        {"lockstep_version", std::string(base::version())},
                        {"git_revision", std::string(base::git_revision())}};
    order.shape = shape(result.config, problem);
    order.values = values(result.config, order.shape, problem);
    order.complete =
        std::ranges::all_of(result.workers, [](const result::Worker& worker) { return worker.completed; });
    order.parameters_digest = result.summary.parameters_digest;
    for (const RankReport& report : reports)
        order.arrivals.insert(order.arrivals.end(), report.arrivals.begin(), report.arrivals.end());
    std::ranges::stable_sort(order.arrivals, {}, &exchange::Arrival::version_applied);
    if (!order.complete && result.config.method->traits->holder != exchange::Holder::nobody)
        drop_pending(order.arrivals, result.updates);
    return order;
}

std::string compare_with_recorded(const result::Result& result, const Problem& problem) {
    if (problem.replayed == nullptr) return {};
    const result::Order& recorded = *problem.replayed;
    const auto keys =
        differing(values(result.config, shape(result.config, problem), problem), recorded.values);
    if (!keys.empty()) {
        std::string changed = "changed: " + keys.front();
        for (std::size_t i = 1; i < keys.size(); ++i) changed += " " + keys[i];
        return changed;
    }
    const std::string& ours = result.summary.parameters_digest;
    if (ours.empty() || recorded.parameters_digest.empty()) return "unchecked";
    return ours == recorded.parameters_digest ? "matches" : "differs";
}

}  // namespace lockstep::run
