#pragma once

#include <vector>

#include "backend/backend.hpp"
#include "comm/communicator.hpp"
#include "events/activity_totals.hpp"
#include "events/clock.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// Once a run, before its ranks record events: removes what an earlier run has left in the folder,
/// result.json first, since events of one run beside the result of another would mislead. Nothing where this
/// run writes no events. Errors: EnvironmentError naming the file.
void prepare_event_files(const scenario::Config& config);

/// Has the communicator's recorder record one rank's timed part, computing included, where --events asks for
/// it. Does nothing otherwise. Errors: EnvironmentError where the disk refuses.
class EventRecording : public backend::ComputeObserver {
  public:
    /// Makes the rank's file: call before the clock starts.
    EventRecording(comm::Communicator& communicator, const scenario::Config& config);
    EventRecording(const EventRecording&) = delete;
    EventRecording& operator=(const EventRecording&) = delete;
    ~EventRecording() override;

    /// The timed part has begun. Takes neither simulated time nor messages.
    void start(double start_s, const events::Clock& clock);
    /// It is over for this rank: regularly, or because it has failed or the run stands still.
    void stop(double now_s);
    /// The clocks have been aligned again: the file is complete.
    void finish(const events::Clock& clock);

    void computed(backend::Kind kind, double begin_s, double end_s) override;

    /// Empty where nothing was recorded. `blocked` is how blocked time divides.
    std::vector<events::ActivityRow> activities(const events::ActivityTotals& blocked) const;

  private:
    void disconnect();

    comm::Communicator& communicator_;
    const scenario::Config& config_;
    bool connected_ = false;
};

}  // namespace lockstep::run
