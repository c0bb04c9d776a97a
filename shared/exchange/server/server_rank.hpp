#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/float_buffer.hpp"
#include "base/function_ref.hpp"
#include "comm/communicator.hpp"
#include "exchange/compressing.hpp"
#include "exchange/participant.hpp"
#include "exchange/server/grants.hpp"
#include "exchange/server/server_parts.hpp"

namespace lockstep::exchange {

/// In which order a dedicated server serves its workers, unless that is forced by Participant::order.
enum class ServingOrder { rotation, arrival };

/// What servers and workers agree on.
struct Serving {
    std::size_t servers = 1;
    const Compressing* code = nullptr;  ///< of messages to the server that are gradients; null: parameters
    std::uint64_t period = 1;           ///< steps that workers take from one reply to the next
    bool drops_late = false;            ///< a message from before the last change does not enter v

    /// 32-bit words of a worker's message for a part of so many values.
    std::size_t words(std::span<const base::Block> blocks, std::size_t values) const {
        return code == nullptr ? values : code->words(blocks, values);
    }
};

/// One dedicated server: its part of v, and its side of every worker's messages. What it does with a message
/// is the method's business. Several servers work independently; the first one grants the workers' steps and
/// reports their contributions.
///
/// Memory: 2 c + 1 vectors of its part, since replies travel while v changes.
/// Throws base::InputError in a replay whose order the method cannot have.
class ServerRank {
  public:
    /// What the server keeps for one worker.
    struct Slot {
        base::FloatBuffer inbox;         ///< the message that is being served
        base::FloatBuffer sent;          ///< what the worker goes on from, as far as the server knows
        comm::Request reply;             ///< travels from `sent`
        std::uint64_t version_read = 0;  ///< of the v that its next contribution starts from
        std::uint64_t steps_done = 0;
        std::uint64_t steps_left = 0;  ///< until a reply is due
        bool active = true;            ///< has not had its last reply of this leg
        bool goes_on = true;           ///< has not had its last reply
    };

    ServerRank(Participant& participant, const Serving& serving);

    std::size_t workers() const { return slots_.size(); }
    std::size_t active_workers() const { return active_; }
    std::span<float> v() { return v_; }
    Slot& slot(std::size_t worker) { return slots_[worker]; }
    std::uint64_t version() const { return version_; }
    std::uint64_t staleness(std::size_t worker) const { return version_ - slots_[worker].version_read; }
    /// Whether this is the one that sees to all that needs to be done once.
    bool is_first() const { return index_ == 0; }

    /// Calls `take(worker)` for each message, until every worker has had its last reply of this leg. `take`
    /// ends with `reply`, `answer` or `expect` for this worker, or does so when it is called for another one.
    /// `after_farewell` is called when a worker has told this server that its last reply, which another
    /// server gave, was the last.
    void serve(ServingOrder order, base::FunctionRef<void(std::size_t worker)> take,
               base::FunctionRef<void()> after_farewell);
    void serve(ServingOrder order, base::FunctionRef<void(std::size_t worker)> take) {
        serve(order, take, [] {});
    }

    /// The worker's next `steps` steps enter v, which still is of the version before.
    void contribute(std::size_t worker, std::uint64_t steps = 1);
    /// v has changed: it has another version, and is reported where another step of all is complete.
    void changed();
    /// The same, where `steps` counts by another rule.
    void changed(std::uint64_t steps);

    /// Whether the worker may go on: takes another grant, where this server grants them.
    bool grant() { return !is_first() || grants_.take(); }
    /// Sends v and, unless that was the last reply, opens the next receive.
    void reply(std::size_t worker, bool goes_on);
    void reply(std::size_t worker) { reply(worker, grant()); }
    /// The same with what is in the worker's `sent`.
    void answer(std::size_t worker, bool goes_on);
    /// Opens the next receive without a reply.
    void expect(std::size_t worker);

  private:
    /// Calls visit(name, value) for all that goes from leg to leg.
    template <typename Visit>
    void for_each_kept(Visit visit);
    void begin_leg();
    void end_leg();
    std::size_t next(ServingOrder order, std::uint64_t turn);
    void note_arrival(std::size_t worker) const;
    bool is_farewell(std::size_t worker) const { return arrivals_[worker].received() == 0; }

    Participant& participant_;
    Serving serving_;
    std::size_t index_;  ///< of this server
    Part part_;
    Grants grants_;
    base::FloatBuffer v_;
    std::vector<Slot> slots_;
    std::vector<comm::Request> arrivals_;
    std::size_t active_ = 0;
    std::uint64_t version_ = 0;
    std::uint64_t contributions_ = 0;
    std::uint64_t reported_ = 0;  ///< steps
    bool pauses_ = false;         ///< replies are the last of this leg
};

}  // namespace lockstep::exchange
