#include "events/wait_states.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lockstep::events {
namespace {

/// Cuts a blocked time into parts, from its begin to its end.
class Divider {
  public:
    Divider(double begin_s, double end_s) : until_s_(begin_s), end_s_(end_s) {}

    /// A message was on its way; what lies between this and the stretch before it was waiting.
    void on_the_way(Activity activity, double begin_s, double end_s) {
        if (end_s <= begin_s) return;
        add(Activity::wait, begin_s);
        add(activity, end_s);
    }
    std::vector<BlockedPart> take() {
        add(Activity::wait, end_s_);
        return std::move(parts_);
    }

  private:
    void add(Activity activity, double end_s) {
        end_s = std::min(end_s, end_s_);
        if (end_s <= until_s_) return;
        if (!parts_.empty() && parts_.back().activity == activity)
            parts_.back().end_s = end_s;
        else
            parts_.push_back({activity, until_s_, end_s});
        until_s_ = end_s;
    }

    double until_s_;
    double end_s_;
    std::vector<BlockedPart> parts_;
};

/// The stretches in which a message that this rank sent was on its way, as far as they lie before `until_s`.
void add_own(Divider& divider, const MessageTimes& message, double until_s) {
    if (!message.sent_s || !message.received) return;
    const Reception& received = *message.received;
    const double began_s = std::max(*message.sent_s, received.began_s);
    divider.on_the_way(Activity::send, began_s, std::min(received.left_s, until_s));
    divider.on_the_way(Activity::send, std::max(began_s, received.looked_s),
                       std::min(received.came_s, until_s));
}

MessageTimes own_message(std::span<const double> sent_s, std::size_t sequence, const Clock& clock,
                         const PartnerTimes& partner) {
    MessageTimes times;
    if (sequence < sent_s.size()) times.sent_s = clock.to_rank_0_s(sent_s[sequence]);
    if (sequence < partner.received.size()) times.received = partner.received[sequence];
    return times;
}

/// When this rank called for its messages to that partner to be sent.
std::span<const double> sent_to(std::size_t peer, const MessageLog& log) {
    const auto found = log.peers().find(peer);
    return found == log.peers().end() ? std::span<const double>() : found->second.send_started_s;
}

std::vector<BlockedPart> parts_of(const MessageLog::Blocked& blocked, const MessageLog& log,
                                  const Clock& clock, const PartnerTimes& partner) {
    const std::span<const double> sent_s = sent_to(blocked.peer, log);
    MessageTimes ended_by;
    MessageTimes own_before;
    if (!blocked.receiving) {
        ended_by = own_message(sent_s, blocked.sequence, clock, partner);
    } else {
        if (blocked.sequence < partner.sent_s.size()) ended_by.sent_s = partner.sent_s[blocked.sequence];
        const auto after = std::ranges::upper_bound(sent_s, blocked.begin_s);
        if (after != sent_s.begin())
            own_before =
                own_message(sent_s, static_cast<std::size_t>(after - sent_s.begin()) - 1, clock, partner);
    }
    // The length by this rank's own clock, so that the parts add up to just that.
    return divide(clock.to_rank_0_s(blocked.begin_s), blocked.length_s(), blocked.receiving, ended_by,
                  own_before);
}

/// Times only: their messages are counted where they are sent and received.
void add(ActivityTotals& totals, const MessageLog::Blocked& blocked, const std::vector<BlockedPart>& parts) {
    const auto peer = static_cast<std::uint32_t>(blocked.peer);
    for (const BlockedPart& part : parts)
        totals.add(part.activity, peer, {part.activity == Activity::wait ? 1U : 0U, part.length_s(), 0});
}

double waiting_s(const std::vector<BlockedPart>& parts) {
    double sum_s = 0;
    for (const BlockedPart& part : parts)
        if (part.activity == Activity::wait) sum_s += part.length_s();
    return sum_s;
}

}  // namespace

std::vector<BlockedPart> divide(double began_s, double length_s, bool receiving, const MessageTimes& ended_by,
                                const MessageTimes& own_before) {
    Divider divider(began_s, began_s + length_s);
    const double end_s = Reception::never_s;
    if (receiving) {
        const double sent_s = ended_by.sent_s.value_or(began_s);
        add_own(divider, own_before, sent_s);
        divider.on_the_way(Activity::receive, sent_s, end_s);
    } else if (const auto& received = ended_by.received) {
        const double both_s = std::max(ended_by.sent_s.value_or(began_s), received->began_s);
        divider.on_the_way(Activity::send, both_s, received->left_s);
        divider.on_the_way(Activity::send, std::max(both_s, received->looked_s), end_s);
    } else {
        divider.on_the_way(Activity::send, began_s, end_s);
    }
    return divider.take();
}

WaitStates resolve_wait_states(const MessageLog& log, const Clock& clock, TimesOfPartner times_of_partner,
                               ActivityTotals* by_partner) {
    const PartnerTimes nothing;
    WaitStates total{0, log.in_library_s()};
    for (const MessageLog::Blocked& blocked : log.intervals()) {
        const PartnerTimes* partner = times_of_partner(blocked.peer);
        const auto parts = parts_of(blocked, log, clock, partner == nullptr ? nothing : *partner);
        const double waited_s = waiting_s(parts);
        total.wait_s += waited_s;
        total.transfer_s += blocked.length_s() - waited_s;
        if (by_partner != nullptr) add(*by_partner, blocked, parts);
    }
    return total;
}

WaitStates resolve_wait_states(std::size_t rank, std::span<const MessageLog* const> logs,
                               ActivityTotals* by_partner) {
    std::map<std::size_t, PartnerTimes> partners;
    for (const auto& [peer, ours] : logs[rank]->peers()) {
        const auto& theirs = logs[peer]->peers();
        if (const auto found = theirs.find(rank); found != theirs.end())
            partners[peer] = {found->second.send_started_s, receptions(*logs[peer], rank)};
    }
    const auto times_of_partner = [&](std::size_t peer) -> const PartnerTimes* {
        const auto found = partners.find(peer);
        return found == partners.end() ? nullptr : &found->second;
    };
    return resolve_wait_states(*logs[rank], Clock(), times_of_partner, by_partner);
}

}  // namespace lockstep::events
