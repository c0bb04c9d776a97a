#include "study/same_data.hpp"

#include <string_view>

namespace lockstep::study {

std::string comparable_text(const scenario::Option& option, const scenario::Config& config) {
    const std::string text = option.kind.get(config);
    return option.key == "data" ? text.substr(0, text.find(':')) : text;
}

std::string without_place(const std::string& data_description) {
    constexpr std::string_view place = " from ";
    const std::size_t end = data_description.find(place);
    return end == std::string::npos ? std::string() : data_description.substr(0, end);
}

}  // namespace lockstep::study
