#include "comm/agreement.hpp"

#include <string>

namespace lockstep::comm {

void agreed(Communicator& communicator, base::FunctionRef<void()> action) {
    std::string message;
    int status = 0;
    try {
        action();
    } catch (const base::Error& error) {
        message = error.what();
        status = static_cast<int>(error.status());
    }
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

}  // namespace lockstep::comm
