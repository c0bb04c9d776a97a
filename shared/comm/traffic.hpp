#pragma once

#include "events/message_log.hpp"

namespace lockstep::comm {

/// Counted or by closed form.
using events::Traffic;

}  // namespace lockstep::comm
