#include "option/records.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::option {

using base::InputError;

std::vector<std::string_view> split_record(std::string_view subject, std::string_view text,
                                           const std::vector<std::pair<std::string_view, bool>>& keys,
                                           std::string_view allowed) {
    std::vector<std::string_view> values(keys.size());
    for (const std::string_view part : split_list(text)) {
        const std::size_t equals = std::min(part.find('='), part.size());
        const auto found =
            std::ranges::find_if(keys, [&](const auto& key) { return key.first == part.substr(0, equals); });
        if (found == keys.end() || equals + 1 >= part.size())
            throw InputError(subject, text, allowed, fmt::format("'{}' is not one of its parts", part));
        std::string_view& value = values[static_cast<std::size_t>(found - keys.begin())];
        if (!value.empty())
            throw InputError(subject, text, allowed, fmt::format("{} is given twice", found->first));
        value = part.substr(equals + 1);
    }
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (keys[i].second && values[i].empty())
            throw InputError(subject, text, allowed, fmt::format("{} is missing", keys[i].first));
    return values;
}

std::string record_form(const std::vector<std::pair<std::string, bool>>& fields) {
    std::string form;
    for (const auto& [field, required] : fields)
        form += required ? fmt::format("{}{}", form.empty() ? "" : ",", field) : fmt::format("[,{}]", field);
    return form;
}

}  // namespace lockstep::option
