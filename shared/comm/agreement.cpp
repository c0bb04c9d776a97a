#include "comm/agreement.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "base/packing.hpp"

namespace lockstep::comm {
namespace {

/// How it went here.
struct Verdict {
    int status = 0;
    std::string message;

    friend void visit_fields(auto& archive, base::ConstOrNot<Verdict> auto& verdict) {
        archive("status", verdict.status);
        archive("message", verdict.message);
    }
};

Verdict verdict_of(base::FunctionRef<void()> action) {
    try {
        action();
    } catch (const base::Error& error) {
        return {static_cast<int>(error.status()), error.what()};
    }
    return {};
}

}  // namespace

void agreed(Communicator& communicator, base::FunctionRef<void()> action) {
    auto [status, message] = verdict_of(action);
    // The lowest failing rank has the highest number of ranks behind it.
    const auto size = static_cast<int>(communicator.size());
    const int behind = status == 0 ? 0 : size - static_cast<int>(communicator.rank());
    const int most_behind = communicator.agree_on_maximum(behind);
    if (most_behind == 0) return;
    const auto failed = static_cast<std::size_t>(size - most_behind);
    communicator.broadcast_text(message, failed);
    status = communicator.agree_on_maximum(communicator.rank() == failed ? status : 0);
    throw AgreedError(static_cast<base::ExitStatus>(status), message);
}

void done_by_first(Communicator& communicator, base::FunctionRef<void()> action) {
    Verdict verdict;
    if (communicator.rank() == 0) {
        verdict = verdict_of(action);
        const std::vector<std::byte> bytes = base::pack(verdict);
        for (std::size_t rank = 1; rank < communicator.size(); ++rank) communicator.send_bytes(bytes, rank);
    } else {
        verdict = base::unpack<Verdict>(communicator.receive_bytes(0));
    }
    if (verdict.status != 0)
        throw AgreedError(static_cast<base::ExitStatus>(verdict.status), verdict.message);
}

}  // namespace lockstep::comm
