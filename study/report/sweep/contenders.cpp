#include "study/report/sweep/contenders.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace lockstep::study {
namespace {

/// Whether each value of the method goes with one value of the key alone, and the key has several.
bool goes_with(const SweepTable& sweep, std::size_t method, std::size_t key) {
    std::map<std::size_t, std::set<std::size_t>> values;
    for (const SweptPoint& point : sweep.points) values[point.places[method]].insert(point.places[key]);
    return std::ranges::all_of(values, [](const auto& entry) { return entry.second.size() == 1; });
}

}  // namespace

Contenders Contenders::of(const SweepTable& sweep) {
    Contenders contenders;
    const auto method = std::ranges::find(sweep.keys, "method", &SweepKey::key);
    std::vector<std::size_t> competing;
    for (std::size_t key = 0; key < sweep.keys.size(); ++key) {
        const auto place = static_cast<std::size_t>(method - sweep.keys.begin());
        const bool competes = method != sweep.keys.end() && (key == place || goes_with(sweep, place, key));
        (competes ? competing : contenders.axes).push_back(key);
    }
    for (const SweptPoint& point : sweep.points) {
        std::string name;
        for (const std::size_t key : competing) {
            const std::string& value = sweep.keys[key].values[point.places[key]];
            name +=
                sweep.keys[key].key == "method" ? value : fmt::format(", {} {}", sweep.keys[key].key, value);
        }
        auto found = std::ranges::find(contenders.names, name);
        if (found == contenders.names.end()) found = contenders.names.insert(found, name);
        contenders.of_point.push_back(static_cast<std::size_t>(found - contenders.names.begin()));
    }
    return contenders;
}

}  // namespace lockstep::study
