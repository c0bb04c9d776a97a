#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "calibration/intervals.hpp"
#include "calibration/message_cost.hpp"
#include "calibration/message_samples.hpp"
#include "calibration/rank_work.hpp"
#include "calibration/run_sizes.hpp"
#include "calibration/step_times.hpp"
#include "scenario/calibration_file.hpp"

namespace lockstep::calibration {

/// All that was measured.
struct Measurements {
    std::vector<RankWork> work;      ///< by rank
    std::vector<PairSamples> pairs;  ///< none where there is one rank, or steps alone were measured
    FanOutSamples fan_out;           ///< none where there are fewer than three hosts, or there was no time

    bool has_steps() const { return !work.front().step_times_s.empty(); }
};

/// Messages of one size, over all pairs of a kind: medians, in seconds.
struct SizeFindings {
    std::size_t bytes = 0;
    std::size_t samples = 0;  ///< 0: only single round trips, and nothing is known but one way
    double one_way_s = 0;
    Interval one_way_interval;  ///< of that median
    double least_s = 0;         ///< of one_way_s: the smallest, the quartiles and the largest
    double lower_s = 0;
    double upper_s = 0;
    double most_s = 0;
    double send_s = 0;
    double late_receive_s = 0;
    double exchange_s = 0;
    bool left_early = false;   ///< mostly
    std::size_t outliers = 0;  ///< samples that took more than three times the median
};

inline constexpr const char* local_kind = "local";
inline constexpr const char* remote_kind = "remote";

/// Messages between ranks on one host, or across hosts.
struct MessageFindings {
    std::string kind;  ///< one of the two
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::vector<SizeFindings> sizes;
    MessageCost pieces;                    ///< of all sizes alike
    std::vector<std::size_t> exact_bytes;  ///< sizes that the run sends, at which they are off
    MessageCost cost;                      ///< the pieces, with others at these sizes
    Residuals fit;                         ///< of cost
    std::optional<Residuals>
        simulated;                  ///< of the link that a simulation has instead, where that is of this kind
    double send_overhead_s = 0;     ///< of small messages, where sends return early; else 0
    double receive_overhead_s = 0;  ///< likewise, of messages that have arrived
    std::size_t eager_limit_bytes = 0;  ///< the smallest size that waits for its receiver; 0: none left early
    std::size_t largest_eager_bytes = 0;  ///< between these two it lies
    comm::MessageProbe::Progress progress;
    std::size_t progress_bytes = 0;  ///< of the messages of which that is known
};

/// Of messages of one host to different ones.
struct SendAhead {
    std::size_t bytes = 0;       ///< of each
    std::vector<double> shares;  ///< of one that had left before the next began, as measured; ascending
    Fitted share;                ///< their median, 1 at most; 0: as where messages share the host's link
};

/// Where messages share a link the second one begins after a quarter of the first, and measured shares are up
/// to 0.4: from here on a median tells of a queue.
inline constexpr double least_share_ahead = 0.45;

/// Of a setting, by its key, as users write it; both empty where one sample tells of it.
struct SettingInterval {
    std::string key;
    std::string lower;
    std::string upper;
};

/// What it means for a simulation.
struct Findings {
    double step_flops = 0;
    std::vector<StepTimes> steps;  ///< by worker
    StepVariability variability;
    Fitted speed_flops;                       ///< mean of the workers, or of the fastest where they differ
    std::vector<double> worker_speeds_flops;  ///< where they differ, else empty
    Fitted vector_flops_per_s;                ///< of the fastest rank
    Fitted first_use_s_per_byte;              ///< of what was received; mean over the workers
    Fitted copy_Bps;                          ///< mean over ranks; 0: free
    Fitted code_flops_per_s;                  ///< mean over the workers; 0: the run has no code
    Fitted update_flops_per_s;                ///< of all ranks' updates together; 0: the run has none
    std::string updates;                      ///< what they are: updates_of()
    double evaluation_s = 0;
    RunSizes run_sizes;
    std::vector<MessageFindings> messages;
    std::optional<SendAhead> send_ahead;  ///< where that was measured
    scenario::KeyValues settings;
    std::vector<SettingInterval> intervals;  ///< of the settings that are numbers
    std::vector<std::string> warnings;
};

std::vector<SizedTime> one_way_times(const MessageFindings& found);

/// Of all samples of each size together; sizes ascend.
std::vector<SizeFindings> describe_sizes(std::span<const SizeSamples> sizes);

/// Of one kind, exact at `run_bytes`. Precondition: at least three sizes.
MessageFindings find_message_cost(const std::string& kind, const std::vector<const PairSamples*>& pairs,
                                  std::span<const std::size_t> run_bytes);

/// Nothing where there are no samples.
std::optional<SendAhead> find_send_ahead(const FanOutSamples& samples);

/// `cost` and overheads, of `sizes`, `pieces` and `exact_bytes`.
void find_costs(MessageFindings& found);

}  // namespace lockstep::calibration
