#include "study/report/same_configuration.hpp"

#include <fmt/format.h>

#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

using scenario::Option;

/// `mnist:DIR` may be in another folder on another machine.
std::string text_of(const Option& option, const scenario::Config& config) {
    const std::string text = option.kind.get(config);
    return option.key == "data" ? text.substr(0, text.find(':')) : text;
}

/// Whether the key is of the scenario, not of where it takes place: what happens to processors is, how fast
/// they are is not.
bool decides(const Option& option) {
    if (option.group == scenario::Group::output || option.key == "speeds") return false;
    return option.group == scenario::Group::slowness || !scenario::is_about_platform(option.group);
}

}  // namespace

std::string first_difference(const scenario::Config& first, const scenario::Config& second) {
    for (const Option& option : scenario::options()) {
        const bool applies = scenario::applies(option.key, first) || scenario::applies(option.key, second);
        if (!decides(option) || !applies) continue;
        const std::string one = text_of(option, first);
        const std::string other = text_of(option, second);
        if (one != other) return fmt::format("{} is '{}' and '{}'", option.key, one, other);
    }
    return {};
}

}  // namespace lockstep::study
