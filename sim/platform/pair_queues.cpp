// Three messages of 0 to 1, of which the first is under way: the others pay their latency beside it, as bytes
// on a wire do. When it is over, hold() suspends them, which leaves the links to the first. end() of the
// first resumes the second, whose place is now the head of the queue, and so on.
//
// The engine tells of three moments. A program's factor of bandwidth is asked for when a flow is made, with
// its two hosts; the flow is the last of those that have started, and has no variable yet. A state changes
// when it ends. After each step of the clock flows whose latency ended in it are in no queue of events (as
// for the Equaliser of sharing.cpp): nothing of them has been sent, so suspending them loses nothing.
//
// A message with a handshake is held likewise when its latency is over, unless both ends are in calls, and
// has no place in line meanwhile. Once they have been, it stands behind what moves then, as its bytes do.
//
// A flow without latency would share its links until the next event. So that the clock does not go on before
// hold() has been called, a timer rings at the moment of its start.
#include "sim/platform/pair_queues.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include <simgrid/kernel/Timer.hpp>
#include <xbt/config.hpp>

#include "sim/platform/sharing.hpp"
#include "sim/simgrid_version.hpp"

namespace lockstep::sim {
namespace {

namespace s4u = simgrid::s4u;
namespace resource = simgrid::kernel::resource;

double latency_of(const std::vector<s4u::Link*>& links) {
    return std::accumulate(links.begin(), links.end(), 0.0,
                           [](double sum_s, const s4u::Link* link) { return sum_s + link->get_latency(); });
}

}  // namespace

PairQueues::PairQueues(resource::Model& network, const std::vector<s4u::Host*>& hosts, const Rules& rules)
    : network_(network), rules_(rules), weight_S_B_(simgrid::config::get_value<double>("network/weight-S")) {
    for (const s4u::Host* host : hosts) ++ranks_[host];
}

std::size_t PairQueues::lanes(const Ends& ends) const {
    const auto ranks = [this](const s4u::Host* host) {
        const auto found = ranks_.find(host);
        return found == ranks_.end() ? 1 : found->second;
    };
    return ranks(ends.first) * ranks(ends.second);
}

bool PairQueues::is_in_call(const s4u::Host* host) const {
    const auto computing = computing_.find(host);
    return computing == computing_.end() || computing->second < ranks_.at(host);
}

void PairQueues::shake_hands(Place& place, const Ends& ends) {
    if (place.awaits == Awaits::receiver && is_in_call(ends.second))
        place.awaits = rules_.handshake->needs_sender ? Awaits::sender : Awaits::nobody;
    if (place.awaits == Awaits::sender && is_in_call(ends.first)) place.awaits = Awaits::nobody;
    if (place.awaits != Awaits::nobody)
        awaited_[place.awaits == Awaits::receiver ? ends.second : ends.first].push_back(place.flow);
}

bool PairQueues::has_turn(const Queue& queue, const Place& place, const Ends& ends) const {
    if (place.awaits != Awaits::nobody || place.delay_s > 0) return false;
    const auto moves = [](const Place& other) { return other.awaits == Awaits::nobody; };
    return static_cast<std::size_t>(std::count_if(queue.data(), &place, moves)) < lanes(ends);
}

void PairQueues::advance(Queue& queue, const Ends& ends) const {
    std::size_t moving = 0;
    for (Place& place : queue) {
        if (place.awaits != Awaits::nobody) continue;
        if (moving++ == lanes(ends)) return;
        if (place.is_held && place.delay_s <= 0) let_go(place);
    }
}

/// What SimGrid gives to a flow when its latency is over, and forgets when it is suspended.
double PairQueues::weight_over(const std::vector<s4u::Link*>& links) const {
    const double latency_s = latency_of(links);
    if (rules_.weights_are_one || latency_s <= 0) return 1;
    return std::accumulate(links.begin(), links.end(), latency_s, [this](double sum, const s4u::Link* link) {
        return sum + weight_S_B_ / link->get_bandwidth();
    });
}

double PairQueues::delay_of(const Flow& flow, const Ends& ends, double bandwidth_Bps) {
    if (rules_.send_ahead <= 0) return 0;
    const double now_s = s4u::Engine::get_clock();
    double& free_s = free_s_[ends.first];
    const double start_s = std::max(free_s, now_s);
    free_s = start_s + rules_.send_ahead * flow.get_cost() / bandwidth_Bps;
    return start_s - now_s;
}

void PairQueues::begin(const Ends& ends, const std::vector<s4u::Link*>& links, double bandwidth_factor) {
    auto& started = *network_.get_started_action_set();
    if (ends.first == ends.second || links.empty() || started.empty()) return;
    Flow& flow = started.back();
    if (flow.get_variable() != nullptr) return;  // an older one: a link is off, and the new one has failed
    if (under_way_.contains(&flow)) end(&flow);  // it had this address, and went with its rank
    auto& queue = queues_[ends];
    under_way_[&flow] = ends;
    const double delay_s = delay_of(flow, ends, bandwidth_factor * links.front()->get_bandwidth());
    const bool shakes_hands = rules_.handshake && flow.get_cost() >= rules_.handshake->from_B;
    queue.push_back({.flow = &flow,
                     .awaits = shakes_hands ? Awaits::receiver : Awaits::nobody,
                     .begun_s = s4u::Engine::get_clock(),
                     .delay_s = delay_s});
    if (has_turn(queue, queue.back(), ends)) return;
    queue.back().weight = weight_over(links);
    arriving_.push_back(&flow);
    if (latency_of(links) <= 0) simgrid::kernel::timer::Timer::set(s4u::Engine::get_clock(), [] {});
}

void PairQueues::let_go(Place& place) const {
    place.is_held = false;
    place.flow->resume();
    if (place.flow->get_sharing_penalty() != place.weight) place.flow->set_sharing_penalty(place.weight);
}

void PairQueues::end(const Flow* flow) {
    const auto found = under_way_.find(flow);
    if (found == under_way_.end()) return;
    const auto queue = queues_.find(found->second);
    under_way_.erase(found);
    std::erase_if(queue->second, [flow](const Place& place) { return place.flow == flow; });
    if (queue->second.empty()) {
        queues_.erase(queue);
        return;
    }
    advance(queue->second, queue->first);
}

void PairQueues::enter(const s4u::Host& host) {
    if (!rules_.handshake) return;
    --computing_.at(&host);
    const auto awaited = awaited_.extract(&host);
    if (awaited.empty()) return;
    for (const Flow* flow : awaited.mapped()) {
        const auto found = under_way_.find(flow);
        if (found == under_way_.end()) continue;
        const Ends ends = found->second;
        Queue& queue = queues_.at(ends);
        const auto place = std::ranges::find(queue, flow, &Place::flow);
        if (place->awaits == Awaits::nobody || !place->is_held) continue;  // another one at its address
        shake_hands(*place, ends);
        if (place->awaits != Awaits::nobody) continue;
        std::rotate(place, place + 1, queue.end());
        const double now_s = s4u::Engine::get_clock();
        const double date_s = std::max(queue.back().not_before_s, now_s + queue.back().latency_s);
        queue.back().delay_s = date_s - now_s;
        if (date_s > now_s) release_at(queue.back(), date_s);
        advance(queue, ends);
    }
}

void PairQueues::release_at(Place& place, double date_s) {
    place.not_before_s = date_s;
    // By the date: the clock may have been rounded past it when the timer rings.
    const auto release_flow = [this, flow = place.flow, date_s] { release(flow, date_s); };
    simgrid::kernel::timer::Timer::set(date_s, release_flow);
}

void PairQueues::release(const Flow* flow, double date_s) {
    const auto found = under_way_.find(flow);
    if (found == under_way_.end()) return;
    auto& queue = queues_.at(found->second);
    const auto place = std::ranges::find(queue, flow, &Place::flow);
    if (place->not_before_s != date_s) return;  // another one at its address
    place->delay_s = 0;
    advance(queue, found->second);
}

void PairQueues::forget(const s4u::Host& host) {
    const auto is_its = [&host](const Ends& ends) { return ends.first == &host || ends.second == &host; };
    std::erase_if(under_way_, [&](const auto& flow) { return is_its(flow.second); });
    std::erase_if(queues_, [&](const auto& queue) { return is_its(queue.first); });
}

PairQueues::Place* PairQueues::place_in_line(const Flow* flow) {
    const auto found = under_way_.find(flow);
    if (found == under_way_.end()) return nullptr;
    auto& queue = queues_.at(found->second);
    const auto place = std::ranges::find(queue, flow, &Place::flow);
    return has_turn(queue, *place, found->second) ? nullptr : &*place;
}

void PairQueues::hold() {
    std::erase_if(arriving_, [this](Flow* flow) {
        Place* const place = place_in_line(flow);
        if (place == nullptr) return true;
        if (flow->get_type() == resource::ActionHeap::Type::latency) return false;
        if (flow->is_suspended()) return true;  // by the engine, as one of its ranks has stopped
        if (place->awaits != Awaits::nobody) {
            shake_hands(*place, under_way_.at(flow));
            if (place_in_line(flow) == nullptr) return true;
        }
        place->is_held = true;
        flow->suspend();
        const double now_s = s4u::Engine::get_clock();
        place->latency_s = now_s - place->begun_s;
        if (place->delay_s > 0) release_at(*place, now_s + place->delay_s);
        return true;
    });
}

std::shared_ptr<PairQueues> queue_pairs(const s4u::Engine& engine, const std::vector<s4u::Host*>& hosts,
                                        const PairQueues::Rules& rules) {
    auto queues = std::make_shared<PairQueues>(network_of(engine), hosts, rules);
    s4u::Engine::on_time_advance_cb([queues](double) { queues->hold(); });
    s4u::Link::on_communication_state_change_cb(
        [queues](resource::NetworkAction& flow, resource::Action::State) {
            // SimGrid's headers only declare the class of a network's actions; its one base is Action.
            queues->end(reinterpret_cast<const resource::Action*>(&flow));
        });
    grid::on_switching_hosts([queues](const s4u::Host& host) {
        if (!host.is_on()) queues->forget(host);
    });
    return queues;
}

}  // namespace lockstep::sim
