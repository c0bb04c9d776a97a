#include "study/report/same_configuration.hpp"

#include <fmt/format.h>

#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"
#include "study/same_data.hpp"

namespace lockstep::study {
namespace {

using scenario::Option;

/// Whether the key is of the scenario, not of where it takes place: what happens to processors is, how fast
/// they are is not, nor how their steps scatter where that was measured.
bool decides(const Option& option, bool is_calibrated) {
    if (scenario::decides_nothing(option.group) || option.key == "speeds") return false;
    if (is_calibrated && option.key == "variability") return false;
    return option.group == scenario::Group::slowness || !scenario::is_about_platform(option.group);
}

}  // namespace

std::string first_difference(const result::Result& first_run, const result::Result& second_run) {
    const scenario::Config& first = first_run.config;
    const scenario::Config& second = second_run.config;
    const bool is_calibrated = first_run.provenance.calibrated || second_run.provenance.calibrated;
    for (const Option& option : scenario::options()) {
        const bool applies = scenario::applies(option.key, first) || scenario::applies(option.key, second);
        if (!decides(option, is_calibrated) || !applies) continue;
        const std::string one = comparable_text(option, first);
        const std::string other = comparable_text(option, second);
        if (one != other) return fmt::format("{} is '{}' and '{}'", option.key, one, other);
    }
    const std::string one = without_place(first_run.provenance.data_description);
    const std::string other = without_place(second_run.provenance.data_description);
    if (!one.empty() && !other.empty() && one != other)
        return fmt::format("data is '{}' and '{}'", one, other);
    return {};
}

}  // namespace lockstep::study
