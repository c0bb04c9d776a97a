#include "sim/check/file_settings.hpp"

#include <stdexcept>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <xbt/config.hpp>

#include "option/lists.hpp"
#include "scenario/config.hpp"
#include "sim/check/platform_document.hpp"
#include "sim/check/setting_check.hpp"

namespace lockstep::sim {
namespace {

using scenario::NetworkModel;

void make(const std::string& key, const std::string& value) {
    check_setting(key, value);
    try {
        simgrid::config::set_as_string(key.c_str(), value);
    } catch (const std::exception& error) {
        const std::string_view said = error.what();
        throw std::invalid_argument(
            fmt::format("its <config>: {}: given '{}': {}", key, value, said.substr(0, said.find('\n'))));
    }
}

/// Of factors: whether another network model than the configured one has them.
bool has_no_effect(std::string_view key, NetworkModel model) {
    const bool is_smpi = model == NetworkModel::smpi;
    if (key == "smpi/lat-factor" || key == "smpi/bw-factor") return !is_smpi;
    if (key == "network/latency-factor" || key == "network/bandwidth-factor") return is_smpi;
    return key == "smpi/IB-penalty-factors";
}

}  // namespace

std::string make_settings_of_file(const scenario::Config& config) {
    const auto document = read_platform_document(config.platform);
    if (!document) return {};
    std::vector<std::string> taken;
    std::vector<std::string> left;
    std::vector<std::string> idle;
    for (const auto& [key, value] : document->settings) {
        std::vector<std::string>* list = &taken;
        bool is_default = true;
        try {
            is_default = simgrid::config::is_default(key.c_str());
        } catch (const std::out_of_range&) {
            throw std::invalid_argument(fmt::format("Bad config key: {}; take it out of <config>", key));
        }
        if (!is_default) {
            list = &left;
        } else {
            make(key, value);
            if (has_no_effect(key, config.network_model)) list = &idle;
        }
        list->push_back(fmt::format("{} {}", key, value));
    }
    std::string text;
    if (!taken.empty()) text += fmt::format("; its <config> sets {}", option::joined(taken, ", "));
    if (!left.empty()) text += fmt::format("; lockstep's own in place of its {}", option::joined(left, ", "));
    if (!idle.empty())
        text += fmt::format("; of no effect with --network-model {}: its {}",
                            scenario::name(config.network_model), option::joined(idle, ", "));
    return text;
}

}  // namespace lockstep::sim
