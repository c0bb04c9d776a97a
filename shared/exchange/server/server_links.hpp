#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/traffic.hpp"
#include "exchange/participant.hpp"
#include "exchange/server/server_parts.hpp"
#include "exchange/server/server_rank.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// A worker's side of all dedicated servers, each of which holds a part of v.
///
/// Cost of a push: a message to each server, B bytes together; of an exchange: twice that.
class ServerLinks {
  public:
    ServerLinks(Participant& participant, std::size_t servers);

    /// Whether what is sent must not be overwritten by what is received meanwhile: with several servers,
    /// where one answers before another has got its part.
    bool needs_two_vectors() const { return parts_.size() > 1; }

    /// Starts to send and returns: `vector` stays as it is until `settle`.
    void push(std::span<const float> vector);
    /// Blocks until all that was pushed has left.
    void settle();

    /// At the start of a leg. A worker that is finished, because its last answer was marked so in an earlier
    /// one, tells that to all servers but the first, which knows. Returns `last` for one that is, else
    /// `none`.
    comm::Mark begin(bool is_finished);

    /// Sends a part to every server and blocks until each has answered. Returns the mark of the first
    /// server's answer. Where there is one, the others are told so by an empty message, and no more may
    /// follow in this leg.
    comm::Mark exchange(std::span<const float> outgoing, std::span<float> incoming);

  private:
    void take_leave();
    std::size_t rank_of(std::size_t part) const { return participant_.workers() + part; }
    template <typename Vector>
    Vector part(Vector vector, std::size_t index) const {
        return vector.subspan(parts_[index].first, parts_[index].size);
    }

    Participant& participant_;
    std::vector<Part> parts_;
    std::vector<comm::Request> sends_;
    std::vector<comm::Request> receives_;
};

/// Of `pushes` and `replies` of all of v, and of the workers' last messages to all servers but the first.
comm::Traffic served_traffic(const Serving& serving, const Work& work, std::uint64_t pushes,
                             std::uint64_t replies);

}  // namespace lockstep::exchange
