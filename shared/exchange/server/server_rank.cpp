// A dedicated rank holds v, or a part of it. One receive per worker is always open, so messages travel while
// the server is busy with others; a reply is a copy of v in the worker's own slot, so it travels while v
// moves on.
//
// By arrival, on workers 0, 1 and server S, worker 1 three times slower:
//   0 -> S: v1 = v0 + step, S -> 0;   0 -> S: v2, S -> 0;   0 -> S: v3, S -> 0;   1 -> S: step made on v0
//   enters v3 (staleness 3)
// All together take c times the steps of one; who is faster takes more of them. The server counts (Grants):
// with its reply a worker may take other steps, until as many are under way as are left; then its reply is
// marked as the last. So every step that is taken enters v.
// In rotation each takes the same number, and S would not look at worker 0's second step before worker 1's
// first: the slowest worker paces all.
//
// In a replay (Participant::order) S waits for the worker whose message was taken at this place. What S
// answers, and when, depends on nothing but the order, so that worker has sent or is going to send: its
// message was there in the recorded run, where the same had been answered before.
//
// No deadlock: a worker has at most one message under way that it expects a reply to, and then waits for the
// reply; the server takes every message in finite time, and waits only for workers that still have steps to
// take. Before a slot is used again its reply has been received, because the worker sends its next message
// only after that.
#include "exchange/server/server_rank.hpp"

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"

namespace lockstep::exchange {

ServerRank::ServerRank(Participant& participant, const Serving& serving)
    : participant_(participant),
      serving_(serving),
      index_(participant.rank() - participant.workers()),
      part_(part_of(participant.start.size(), serving.servers, index_)),
      grants_(participant.training.steps(), participant.workers(), serving.period),
      v_(travelling_copy(participant.start.subspan(part_.first, part_.size))),
      slots_(participant.workers()),
      arrivals_(participant.workers()) {
    const std::size_t words = serving.words(participant.training.blocks(), v_.size());
    for (std::size_t i = 0; i < workers(); ++i) {
        slots_[i].inbox = backend::make_buffer(words);
        slots_[i].sent = travelling_copy(v_);
        slots_[i].steps_left = grants_.first(i);
    }
}

template <typename Visit>
void ServerRank::for_each_kept(Visit visit) {
    visit("v", v_);
    visit("grants left", grants_.left());
    visit("version", version_);
    visit("contributions", contributions_);
    visit("reported", reported_);
    for (std::size_t i = 0; i < workers(); ++i) {
        Slot& slot = slots_[i];
        const auto name = [i](std::string_view what) { return fmt::format("worker {}: {}", i, what); };
        visit(name("sent"), slot.sent);
        visit(name("version read"), slot.version_read);
        visit(name("steps done"), slot.steps_done);
        visit(name("steps left"), slot.steps_left);
        visit(name("goes on"), slot.goes_on);
    }
}

void ServerRank::begin_leg() {
    if (participant_.leg != nullptr && participant_.leg->is_continued())
        for_each_kept([&](std::string_view name, auto& value) {
            participant_.leg->memory().get(name, bytes_to_keep(value));
        });
    active_ = 0;
    for (std::size_t i = 0; i < workers(); ++i) {
        slots_[i].active = slots_[i].goes_on;
        if (!slots_[i].active) continue;
        ++active_;
        expect(i);
    }
}

void ServerRank::end_leg() {
    for (Slot& slot : slots_) participant_.communicator.wait(slot.reply);
    if (participant_.leg == nullptr) return;
    for_each_kept([&](std::string_view name, auto& value) {
        participant_.leg->memory().put(name, bytes_to_keep(value));
    });
}

void ServerRank::serve(ServingOrder order, base::FunctionRef<void(std::size_t worker)> take,
                       base::FunctionRef<void()> after_farewell) {
    if (grants_.total() == 0) return;
    begin_leg();
    try {
        for (std::uint64_t turn = 0; active_ > 0; ++turn) {
            // In rotation all workers leave after as many steps.
            if (order == ServingOrder::arrival || turn % workers() == 0)
                pauses_ = pauses_ || (is_first() && participant_.leg_is_ending());
            const std::size_t worker = next(order, turn);
            participant_.communicator.wait(slots_[worker].reply);
            if (is_farewell(worker)) {
                slots_[worker].active = false;
                --active_;
                after_farewell();
            } else {
                note_arrival(worker);
                take(worker);
            }
        }
        end_leg();
    } catch (...) {
        if (serving_.servers == 1) participant_.journal.interrupted(contributions_, v_);
        throw;
    }
}

std::size_t ServerRank::next(ServingOrder order, std::uint64_t turn) {
    const Arrival* forced = participant_.next_arrival();
    if (order == ServingOrder::arrival && forced == nullptr)
        return participant_.communicator.wait_any(arrivals_);
    const std::size_t worker = forced != nullptr ? forced->worker : turn % workers();
    if (forced != nullptr && !arrivals_[worker].active())
        throw base::InputError(fmt::format(
            "--replay: rank {} took step {} of worker {} in the recorded order, which with this method still "
            "waits for a reply; record it again",
            forced->taker, forced->step, forced->worker));
    participant_.communicator.wait_for(arrivals_, worker);
    return worker;
}

void ServerRank::note_arrival(std::size_t worker) const {
    const Slot& slot = slots_[worker];
    const bool is_dropped = serving_.drops_late && version_ > slot.version_read;
    participant_.take({static_cast<std::uint32_t>(participant_.rank()), static_cast<std::uint32_t>(worker),
                       static_cast<std::uint32_t>(slot.steps_done),
                       static_cast<std::uint32_t>(slot.version_read), static_cast<std::uint32_t>(version_),
                       is_dropped});
}

void ServerRank::contribute(std::size_t worker, std::uint64_t steps) {
    Slot& slot = slots_[worker];
    contributions_ += steps;
    for (; steps > 0; --steps, ++slot.steps_done)
        if (is_first()) participant_.journal.applied({worker, slot.steps_done, slot.version_read, version_});
}

void ServerRank::changed() {
    changed(contributions_ / workers());
}

void ServerRank::changed(std::uint64_t steps) {
    ++version_;
    if (serving_.servers > 1) return participant_.journal.server_share(steps, part_.first, v_);
    if (steps <= reported_) return;
    reported_ = steps;
    participant_.journal.shared_parameters(steps, v_);
}

void ServerRank::reply(std::size_t worker, bool goes_on) {
    copy_values(slots_[worker].sent, v_);
    answer(worker, goes_on);
}

void ServerRank::answer(std::size_t worker, bool goes_on) {
    Slot& slot = slots_[worker];
    slot.version_read = version_;
    const comm::Mark mark = !goes_on ? comm::Mark::last : pauses_ ? comm::Mark::pause : comm::Mark::none;
    slot.reply = participant_.communicator.start_send(slot.sent, worker, mark);
    slot.goes_on = goes_on;
    slot.active = mark == comm::Mark::none;
    slot.steps_left = grants_.period();
    if (slot.active) return expect(worker);
    --active_;
}

void ServerRank::expect(std::size_t worker) {
    arrivals_[worker] = participant_.communicator.start_receive(slots_[worker].inbox, worker);
}

}  // namespace lockstep::exchange
