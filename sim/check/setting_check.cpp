#include "sim/check/setting_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "base/words.hpp"
#include "option/lists.hpp"

namespace lockstep::sim {
namespace {

using option::split_list;

/// Numbers that SimGrid takes as they are, whatever they do to times.
struct NumericKey {
    std::string_view key;
    bool may_be_0;
};
constexpr std::array numeric_keys{
    NumericKey{"network/latency-factor", true},
    NumericKey{"network/bandwidth-factor", false},
    NumericKey{"network/weight-S", true},
    NumericKey{"network/TCP-gamma", true},
    NumericKey{"network/loopback-lat", true},
    NumericKey{"network/loopback-bw", false},
    NumericKey{"smpi/init", true},
    NumericKey{"smpi/iprobe", true},
};

[[noreturn]] void refuse(std::string_view what, std::string_view given, std::string_view allowed) {
    throw std::invalid_argument(fmt::format("{}: given '{}'; allowed: {}", what, given, allowed));
}

void require_number(std::string_view what, std::string_view text, std::string_view given, bool may_be_0) {
    const auto value = base::number_from(0, text);
    if (!value || (*value == 0 && !may_be_0))
        refuse(what, given, may_be_0 ? "numbers of at least 0" : "numbers above 0");
}

/// `SIZE:FACTOR;SIZE:FACTOR`.
void require_factors_by_size(std::string_view what, std::string_view text, bool may_be_0) {
    for (const std::string_view part : split_list(text, ';')) {
        const auto pair = split_list(part, ':');
        if (pair.size() != 2) refuse(what, text, "SIZE:FACTOR;SIZE:FACTOR ...");
        require_number(what, pair[0], text, true);
        require_number(what, pair[1], text, may_be_0);
    }
}

/// A number of at least 0 with a unit, or without.
bool is_amount(std::string_view text) {
    const std::string copy(text);
    char* end = nullptr;
    const double value = std::strtod(copy.c_str(), &end);
    return end != copy.c_str() && std::isfinite(value) && value >= 0;
}

std::string of_config(const std::string& key) {
    return "its <config>: " + key;
}

}  // namespace

void require_message_costs(const std::string& of_what, const std::string& text) {
    for (const std::string_view part : split_list(text, ';')) {
        const auto parts = split_list(part, ':');
        const bool is_size = parts.size() >= 3 && base::number_from(0, parts[0]).has_value();
        if (!is_size || !std::all_of(parts.begin() + 1, parts.end(), is_amount))
            refuse(of_what, text, "SIZE:SECONDS:SECONDS a byte; SIZE: ..., of at least 0");
    }
}

void check_setting(const std::string& key, const std::string& value) {
    for (const auto& [numeric, may_be_0] : numeric_keys)
        if (key == numeric) require_number(of_config(key), value, value, may_be_0);
    if (key == "smpi/lat-factor" || key == "smpi/bw-factor")
        require_factors_by_size(of_config(key), value, key == "smpi/lat-factor");
    if (key == "maxmin/concurrency-limit" && value != "-1" && !base::number_from(1, value))
        refuse(of_config(key), value, "1 or more messages at a time, or -1: any number");
    if (key == "smpi/os" || key == "smpi/ois" || key == "smpi/or")
        require_message_costs(of_config(key), value);
}

}  // namespace lockstep::sim
