#pragma once

#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.hpp"
#include "scenario/parse.hpp"
#include "study/sweep/axis.hpp"

namespace lockstep::study {

/// The largest number of runs of one sweep.
inline constexpr std::size_t sweep_runs_max = 100'000;

/// One run of a sweep and what became of it.
struct SweepRun {
    std::string id;           ///< names the file of its result
    scenario::Config config;  ///< without what does not determine the result: output, threads, cache
    std::optional<result::Summary> summary;
    std::string failure;      ///< where there is no summary; also what its check says before anything runs
    bool is_refused = false;  ///< whether that is a refusal of its input
};

/// A row of sweep.csv. Rows whose runs have the same arguments, since a swept key has no effect there, share
/// one run.
struct SweepRow {
    std::size_t point;      ///< from 0
    std::size_t replicate;  ///< from 0
    std::size_t run;        ///< index into SweepPlan::runs
};

/// All that a sweep is asked for.
struct SweepPlan {
    scenario::Config base;
    std::vector<SweepAxis> axes;
    std::size_t replicates = 1;
    /// Point by point, the first axis slowest, replicates fastest; of a shard its own points.
    std::vector<SweepRow> rows;
    std::vector<SweepRun> runs;  ///< in the order of the first row of each

    std::size_t points() const { return rows.size() / replicates; }
    bool varies(std::string_view key) const;
    /// The swept keys, in order.
    std::vector<const scenario::Option*> swept() const;
    /// A point's values of the swept keys, in that order.
    std::vector<std::string> values(std::size_t point) const;
};

/// Every run of the sweep, each checked: `failure` says what is wrong with one. `program` is the identity of
/// what runs them: results of another are not the same run. Errors: InputError where the sweep as a whole
/// makes no sense: too many runs, a key that is given and swept, seeds that are swept and replicated, a key
/// on the command line or an axis without effect on any run, or no run that can be made.
SweepPlan plan_sweep(const scenario::Invocation& invocation, std::vector<SweepAxis> axes,
                     std::size_t replicates, const std::string& program);

/// A part of a sweep that one of several processes makes: the first of four is 1/4. Points are dealt out in
/// turn, and one further each time that the same shard would get the same value of the last axis again, so
/// that no shard has the slow ones alone.
struct Shard {
    std::size_t number = 1;  ///< from 1
    std::size_t count = 1;

    /// Of a sweep whose last axis has so many values.
    bool has(std::size_t point, std::size_t last_axis) const {
        return (point + point / std::lcm(last_axis, count)) % count == number - 1;
    }
};

/// Leaves the shard's points and their runs. Errors: InputError where there are fewer points than shards.
void restrict_to(SweepPlan& plan, Shard shard);

/// Errors: InputError with what the first run says, where every run is refused.
void require_any_run(const SweepPlan& plan);

}  // namespace lockstep::study
