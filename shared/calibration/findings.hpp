#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "calibration/measure_messages.hpp"
#include "calibration/measure_work.hpp"
#include "calibration/message_cost.hpp"
#include "calibration/step_times.hpp"
#include "scenario/calibration_file.hpp"

namespace lockstep::calibration {

/// All that was measured.
struct Measurements {
    std::vector<RankWork> work;      ///< by rank
    std::vector<PairSamples> pairs;  ///< none where there is one rank
};

/// Messages of one size, over all pairs of a kind: medians, in seconds.
struct SizeFindings {
    std::size_t bytes = 0;
    std::size_t samples = 0;
    double one_way_s = 0;
    double least_s = 0;  ///< of one_way_s: the smallest, the quartiles and the largest
    double lower_s = 0;
    double upper_s = 0;
    double most_s = 0;
    double send_s = 0;
    double late_receive_s = 0;
    double exchange_s = 0;
    bool left_early = false;   ///< mostly
    std::size_t outliers = 0;  ///< samples that took more than three times the median
};

/// Messages between ranks on one host, or across hosts.
struct MessageFindings {
    std::string kind;  ///< `local` or `remote`
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::vector<SizeFindings> sizes;
    MessageCost cost;
    Residuals fit;  ///< of cost
    std::optional<Residuals>
        simulated;                  ///< of the link that a simulation has instead, where that is of this kind
    double send_overhead_s = 0;     ///< of small messages, where sends return early; else 0
    double receive_overhead_s = 0;  ///< likewise, of messages that have arrived
    std::size_t eager_limit_bytes = 0;  ///< the smallest size that waits for its receiver; 0: none left early
    comm::MessageProbe::Progress progress;
};

/// What it means for a simulation.
struct Findings {
    double step_flops = 0;
    std::vector<StepTimes> steps;  ///< by worker
    StepVariability variability;
    double speed_flops = 0;                   ///< mean of the workers, or of the fastest where they differ
    std::vector<double> worker_speeds_flops;  ///< where they differ, else empty
    double vector_flops_per_s = 0;            ///< of the fastest rank
    double first_use_s_per_byte = 0;          ///< of what was received; mean over the workers
    double copy_Bps = 0;                      ///< mean over ranks; 0: free
    double evaluation_s = 0;
    std::vector<MessageFindings> messages;
    scenario::KeyValues settings;
    std::vector<std::string> warnings;
};

std::vector<SizedTime> one_way_times(const MessageFindings& found);

/// Of one kind. Precondition: at least three sizes.
MessageFindings find_message_cost(const std::string& kind, const std::vector<const PairSamples*>& pairs);

}  // namespace lockstep::calibration
