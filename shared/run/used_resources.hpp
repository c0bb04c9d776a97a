#pragma once

#include "backend/backend.hpp"
#include "events/message_log.hpp"
#include "events/wait_states.hpp"
#include "result/result.hpp"

namespace lockstep::run {

/// What was used from one moment to another, added to `sum`; of peaks the later one.
void add_use(backend::ResourceUse& sum, const backend::ResourceUse& from, const backend::ResourceUse& to);

/// Fills in what a worker, whose `elapsed_s` is set, has spent its time on, and what it sent: `used` in its
/// timed part, `log` of its messages, and how its blocked time divides.
void describe_worker(result::Worker& worker, const events::MessageLog& log, const backend::ResourceUse& used,
                     const events::WaitStates& blocked);

}  // namespace lockstep::run
