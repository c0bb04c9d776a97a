#include "exchange/catalogue.hpp"

#include <algorithm>

namespace lockstep::exchange {
namespace {

using boost::mp11::mp_for_each;
using boost::mp11::mp_identity;
using boost::mp11::mp_transform;

template <typename Kind>
MethodRow row() {
    MethodRow row{Kind::about.name, &Kind::about, Kind::template from<MethodOptions>, {}};
    mp_for_each<mp_transform<mp_identity, PartsOf<Kind>>>([&]<typename Part>(mp_identity<Part>) {
        for (const auto& option : Part::options()) row.keys.push_back(option.key);
    });
    return row;
}

}  // namespace

bool MethodRow::has(std::string_view key) const {
    return std::ranges::find(keys, key) != keys.end();
}

std::span<const MethodRow> MethodRow::all() {
    static const std::vector<MethodRow> rows = [] {
        std::vector<MethodRow> all;
        mp_for_each<mp_transform<mp_identity, Methods>>(
            [&]<typename Kind>(mp_identity<Kind>) { all.push_back(row<Kind>()); });
        return all;
    }();
    return rows;
}

std::span<const option::Option<MethodOptions>> method_options() {
    static const std::vector<option::Option<MethodOptions>> options = [] {
        std::vector<option::Option<MethodOptions>> all;
        mp_for_each<mp_transform<mp_identity, AllParts>>([&]<typename Part>(mp_identity<Part>) {
            for (const auto& option : Part::options()) all.emplace_back(option);
        });
        return all;
    }();
    return options;
}

}  // namespace lockstep::exchange
