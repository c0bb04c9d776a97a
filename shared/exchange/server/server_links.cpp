// All parts are sent at once and all answers awaited at once, so that an exchange takes as long as the
// slowest server's, not the sum.
//
// On worker 0 with servers S and T of a part each:  0 -> S, 0 -> T;  S -> 0, T -> 0 in any order;  at the end
// S marks its answer as the last, and 0 -> T: an empty message.
//
// No deadlock: a server always has a receive open for a worker that may send, and when it answers depends on
// workers' messages, of which all servers get the same, but on no other server.
#include "exchange/server/server_links.hpp"

namespace lockstep::exchange {

ServerLinks::ServerLinks(Participant& participant, std::size_t servers) : participant_(participant) {
    for (std::size_t i = 0; i < servers; ++i) parts_.push_back(part_of(participant.start.size(), servers, i));
    sends_.resize(servers);
    receives_.resize(servers);
}

void ServerLinks::push(std::span<const float> vector) {
    for (std::size_t i = 0; i < parts_.size(); ++i)
        sends_[i] = participant_.communicator.start_send(part(vector, i), rank_of(i));
}

void ServerLinks::settle() {
    for (comm::Request& send : sends_) participant_.communicator.wait(send);
}

comm::Mark ServerLinks::begin(bool is_finished) {
    const bool is_continued = participant_.leg != nullptr && participant_.leg->is_continued();
    if (is_finished && is_continued) take_leave();
    return is_finished ? comm::Mark::last : comm::Mark::none;
}

void ServerLinks::take_leave() {
    for (std::size_t i = 1; i < parts_.size(); ++i) participant_.communicator.send({}, rank_of(i));
}

comm::Mark ServerLinks::exchange(std::span<const float> outgoing, std::span<float> incoming) {
    comm::Communicator& communicator = participant_.communicator;
    settle();
    if (parts_.size() == 1) {
        communicator.send(outgoing, participant_.server());
        return communicator.receive_and_see_mark(incoming, participant_.server());
    }
    push(outgoing);
    for (std::size_t i = 1; i < parts_.size(); ++i)
        receives_[i] = communicator.start_receive(part(incoming, i), rank_of(i));
    const comm::Mark mark = communicator.receive_and_see_mark(part(incoming, 0), rank_of(0));
    for (comm::Request& receive : receives_) communicator.wait(receive);
    settle();
    if (mark != comm::Mark::none) take_leave();
    return mark;
}

comm::Traffic served_traffic(const Serving& serving, const Work& work, std::uint64_t pushes,
                             std::uint64_t replies) {
    const std::uint64_t vectors = pushes + replies;
    const std::uint64_t farewells = vectors > 0 ? (serving.servers - 1) * work.workers : 0;
    const std::uint64_t words = serving.words(work.blocks, work.values);
    return {vectors * serving.servers + farewells, 4 * (pushes * words + replies * work.values)};
}

}  // namespace lockstep::exchange
