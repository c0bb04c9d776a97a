#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "backend/backend.hpp"
#include "tests/support/simulated_child.hpp"

namespace lockstep::simulation {

/// Goes on at that moment of the engine's clock.
inline void wait_until(comm::Communicator& communicator, const scenario::Config& config, double moment_s) {
    backend::compute((moment_s - communicator.now_s()) * config.speed_flops, [] {});
}

/// One message from one rank to another.
struct Message {
    std::size_t from;
    std::size_t to;
    std::size_t values;
};

/// Sends the messages that are the calling rank's, and takes those sent to it, all from that moment on. At
/// most one from each rank. Returns when its own has been delivered, counted from that moment, or -1.
inline double exchange(comm::Communicator& communicator, const scenario::Config& config,
                       const std::vector<Message>& messages, double moment_s) {
    std::vector<std::vector<float>> incoming;
    std::vector<comm::Request> requests;
    for (const Message& message : messages)
        if (message.to == communicator.rank()) {
            incoming.emplace_back(message.values);
            requests.push_back(communicator.start_receive(incoming.back(), message.from));
        }
    wait_until(communicator, config, moment_s);
    double delivered_s = -1;
    for (const Message& message : messages)
        if (message.from == communicator.rank()) {
            communicator.send(std::vector<float>(message.values), message.to);
            delivered_s = communicator.now_s() - moment_s;
        }
    for (comm::Request& request : requests) communicator.wait(request);
    return delivered_s;
}

/// A plain fluid model, to compare with: what begins to flow when, through which links, with what weight.
struct Flow {
    double start_s;
    double bytes;
    std::vector<std::size_t> links;
    double weight = 1;
};

/// Weighted max-min fair rates of flows through links of these capacities: the fullest link first.
inline std::vector<double> fair_rates(const std::vector<Flow>& flows, const std::vector<bool>& active,
                                      std::vector<double> capacities) {
    std::vector<double> rates(flows.size(), 0);
    std::vector<bool> open = active;
    while (std::ranges::find(open, true) != open.end()) {
        std::vector<double> weights(capacities.size(), 0);
        for (std::size_t i = 0; i < flows.size(); ++i)
            if (open[i])
                for (const std::size_t link : flows[i].links) weights[link] += flows[i].weight;
        std::size_t fullest = 0;
        double level = std::numeric_limits<double>::infinity();
        for (std::size_t link = 0; link < capacities.size(); ++link)
            if (weights[link] > 0 && capacities[link] / weights[link] < level)
                level = capacities[fullest = link] / weights[link];
        for (std::size_t i = 0; i < flows.size(); ++i) {
            if (!open[i] || std::ranges::find(flows[i].links, fullest) == flows[i].links.end()) continue;
            open[i] = false;
            rates[i] = level * flows[i].weight;
            for (const std::size_t link : flows[i].links) capacities[link] -= rates[i];
        }
    }
    return rates;
}

/// When each flow ends.
inline std::vector<double> ends_of(const std::vector<Flow>& flows, const std::vector<double>& capacities) {
    std::vector<double> left;
    for (const Flow& flow : flows) left.push_back(flow.bytes);
    std::vector<double> ends(flows.size(), -1);
    double now_s = 0;
    while (std::ranges::find(ends, -1.0) != ends.end()) {
        std::vector<bool> active;
        double next_s = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < flows.size(); ++i) {
            active.push_back(ends[i] < 0 && flows[i].start_s <= now_s);
            if (flows[i].start_s > now_s) next_s = std::min(next_s, flows[i].start_s);
        }
        const std::vector<double> rates = fair_rates(flows, active, capacities);
        for (std::size_t i = 0; i < flows.size(); ++i)
            if (active[i]) next_s = std::min(next_s, now_s + left[i] / rates[i]);
        for (std::size_t i = 0; i < flows.size(); ++i) {
            if (!active[i]) continue;
            left[i] -= rates[i] * (next_s - now_s);
            if (left[i] <= 1e-9 * flows[i].bytes) ends[i] = next_s;
        }
        now_s = next_s;
    }
    return ends;
}

}  // namespace lockstep::simulation
