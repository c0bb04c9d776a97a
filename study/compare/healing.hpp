#pragma once

#include <string>
#include <vector>

#include "scenario/parse.hpp"
#include "study/launch/runs.hpp"

namespace lockstep::study {

/// A run as given and the same run, with the same draws, in which stragglers are as fast as the others.
struct Healing {
    Run actual;
    Run healed;
};

/// A figure in both runs. NaN: there is none.
struct Cost {
    std::string_view name;  ///< of the field of result::Summary
    double actual;
    double healed;

    double difference() const { return actual - healed; }
    /// Of what it is without the straggler; NaN where that is 0.
    double percent() const;
};

/// What stragglers cost: time, time to target, accuracy, waiting, staleness, energy.
std::vector<Cost> costs(const Healing& healing);

/// Whether `lockstep sim` was asked to repeat its run with stragglers healed. Throws InputError where the
/// value says neither which nor `all`.
bool asks_for_healing(const scenario::Invocation& invocation);

/// `lockstep sim --without-straggler`: both runs at the same time. Returns 0. Throws InputError where there
/// is no such --straggler, EnvironmentError where a run fails, Interrupted.
int run_healing(const scenario::Invocation& invocation);

/// The result of the actual run for people, and below it what the stragglers cost.
std::string to_text(const Healing& healing);
/// docs/formats/compare.md: a row for each of the two.
std::string to_csv(const Healing& healing);
/// docs/formats/compare.md.
std::string to_json(const Healing& healing);

}  // namespace lockstep::study
