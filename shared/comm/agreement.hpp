#pragma once

#include "base/error.hpp"
#include "base/function_ref.hpp"
#include "comm/communicator.hpp"

namespace lockstep::comm {

/// An error that every rank throws at the same point, so that all can end in order.
class AgreedError : public base::Error {
  public:
    using base::Error::Error;
};

/// Does something that may fail on some ranks only, such as reading a file, and makes all ranks agree on the
/// outcome: where any rank threw a base::Error, all throw an AgreedError with the message and status of the
/// lowest such rank. Collective over all ranks.
void agreed(Communicator& communicator, base::FunctionRef<void()> action);

/// Rank 0 does something that may fail, and that others wait for, however long it takes; rank 0 waits for
/// nobody. Where it threw a base::Error, all throw an AgreedError. Collective over all ranks.
void done_by_first(Communicator& communicator, base::FunctionRef<void()> action);

}  // namespace lockstep::comm
