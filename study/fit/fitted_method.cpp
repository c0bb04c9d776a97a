#include "study/fit/fitted_method.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace lockstep::study {
namespace {

constexpr std::string_view overlapping = "ddp";

/// `Local_SGD` as `localsgd`.
std::string plain_name(std::string_view name) {
    std::string plain;
    for (const char c : name)
        if (c != '-' && c != '_' && c != ' ')
            plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return plain;
}

}  // namespace

std::string FittedMethod::name() const {
    return std::string(overlaps ? overlapping : method.name());
}

bool FittedMethod::sums_all_parameters() const {
    constexpr std::array<std::string_view, 5> names{"allreduce", "sync-average", "local-sgd", "diloco",
                                                    "slowmo"};
    return std::ranges::find(names, method.name()) != names.end();
}

std::optional<FittedMethod> find_fitted_method(std::string_view name) {
    const std::string plain = plain_name(name);
    if (plain == overlapping) return FittedMethod{"allreduce", true};
    for (const scenario::Method& method : scenario::Method::all())
        if (plain_name(method.name()) == plain) return FittedMethod{method};
    return std::nullopt;
}

std::string names_of_fitted_methods() {
    std::string text;
    for (const scenario::Method& method : scenario::Method::all())
        if (FittedMethod{method}.sums_all_parameters())
            text += fmt::format("{}{}", text.empty() ? "" : ", ", method.name());
    return text;
}

}  // namespace lockstep::study
