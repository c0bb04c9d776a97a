#include "api/message_balance.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/packing.hpp"
#include "comm/agreement.hpp"

namespace lockstep {
namespace {

/// Of one rank: partner, messages sent to it, messages received from it, and so on.
using Counts = std::vector<std::uint64_t>;

Counts counts_of(const events::MessageLog& log) {
    Counts counts;
    for (const auto& [peer, messages] : log.peers())
        counts.insert(counts.end(),
                      {peer, messages.send_started_s.size(), messages.receive_started_s.size()});
    return counts;
}

/// Of all ranks, by sender and receiver.
class Balance {
  public:
    void add(std::uint64_t rank, const Counts& counts) {
        for (std::size_t i = 0; i + 3 <= counts.size(); i += 3) {
            messages_[{rank, counts[i]}].sent = counts[i + 1];
            messages_[{counts[i], rank}].received = counts[i + 2];
        }
    }

    void require_even(std::string_view method) const {
        for (const auto& [pair, messages] : messages_)
            if (messages.sent != messages.received)
                throw base::InputError(fmt::format("train: {}: messages from rank {} to rank {}", method,
                                                   pair.first, pair.second),
                                       fmt::format("{} sent, {} received", messages.sent, messages.received),
                                       "as many received as sent");
    }

  private:
    struct Messages {
        std::uint64_t sent = 0;
        std::uint64_t received = 0;
    };
    std::map<std::pair<std::uint64_t, std::uint64_t>, Messages> messages_;
};

}  // namespace

void require_all_received(comm::Communicator& communicator, std::string_view method) {
    comm::agreed(communicator, [&] {
        const Counts own = counts_of(communicator.log().messages());
        if (communicator.rank() != 0) return communicator.send_bytes(base::pack(own), 0);
        Balance balance;
        balance.add(0, own);
        for (std::size_t rank = 1; rank < communicator.size(); ++rank)
            balance.add(rank, base::unpack<Counts>(communicator.receive_bytes(rank)));
        balance.require_even(method);
    });
}

}  // namespace lockstep
