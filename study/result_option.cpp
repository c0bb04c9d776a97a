#include "study/result_option.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/suggest.hpp"

namespace lockstep::study {

bool determines_result(const scenario::Option& option) {
    constexpr std::array<std::string_view, 3> simulation_keys{"threads", "data-cache", "paje"};
    return !scenario::decides_nothing(option.group) && std::ranges::count(simulation_keys, option.key) == 0;
}

const scenario::Option& result_option(std::string_view key, std::string_view flag, std::string_view given,
                                      std::string_view form, std::string_view kept) {
    const scenario::Option* option = scenario::find_option(key);
    if (option != nullptr && determines_result(*option)) return *option;
    if (option != nullptr)
        throw base::InputError(flag, given, "a key that results depend on",
                               fmt::format("--{} {}", key, kept));
    std::vector<std::string_view> keys;
    for (const scenario::Option& known : scenario::options()) keys.push_back(known.key);
    const std::string_view meant = option::nearest(key, keys);
    throw base::InputError(flag, given, fmt::format("{} with a key of the scenario", form),
                           meant.empty() ? fmt::format("'{}' is none; --help lists all", key)
                                         : fmt::format("'{}' is none; did you mean {}?", key, meant));
}

}  // namespace lockstep::study
