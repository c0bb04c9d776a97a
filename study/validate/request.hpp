#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "scenario/options/options.hpp"
#include "scenario/parse.hpp"
#include "study/launch/launcher.hpp"
#include "study/validate/against/changes.hpp"
#include "study/validate/validation.hpp"

namespace lockstep::study {

/// What `lockstep validate` is asked to do.
struct ValidationRequest {
    std::size_t repeats = 5;  ///< real runs, or pairs of them, and simulated ones where chance has a part
    std::vector<std::filesystem::path> measured;  ///< folders of results, or none: real runs are made
    Criteria criteria;
    bool calibrates = false;  ///< nothing says what the platform is: it is measured before each run
    double budget_s = 0;      ///< of all these measurements together

    std::vector<Change> changes;     ///< of the other side of each pair; none: no other side
    std::string measured_against;    ///< folders of its results, as `measured`
    double difference_percent = 10;  ///< tolerated error of the difference that the changes make
};

/// Reads and checks the command's own keys and the scenario. Errors: InputError for what cannot be read, what
/// has no effect, and what exists in simulation alone.
ValidationRequest requested_validation(const scenario::Invocation& invocation);

/// Whether processors of the real world are slowed down on purpose, so that ranks mostly sleep.
bool emulates_full_speed(const scenario::Config& config);

/// Whether a real run has any use for the key; the rest describes what is simulated.
bool concerns_real_runs(const scenario::Option& option, const scenario::Config& config);

/// Errors: InputError where more ranks than cores would spin, so that no time would mean anything, or a batch
/// system lets this job start fewer.
void require_a_core_for_each_rank(const scenario::Config& config, const Launcher& launcher);

/// Errors: InputError naming the key of a straggler, pause, failure or profile, which no real run has.
void require_no_simulated_events(const scenario::Config& config);

}  // namespace lockstep::study
