#include "study/method_request.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/suggest.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

constexpr std::size_t most_workers_allowed = 65536;
constexpr std::string_view single_form = "METHOD or METHOD:WORKERS";

std::string joined(scenario::Method method, char separator, std::size_t workers) {
    const std::string_view name = method.name();
    return method->traits->is_alone ? std::string(name) : fmt::format("{}{}{}", name, separator, workers);
}

template <typename Value>
void keep_first(std::vector<Value>& values, std::size_t count) {
    if (values.size() > count) values.resize(count);
}

template <typename Event>
void keep_of_first(std::vector<Event>& events, std::size_t workers) {
    std::erase_if(events, [=](const Event& event) { return event.worker >= workers; });
}

}  // namespace

std::string MethodRequest::name() const {
    return joined(method, '-', workers);
}

std::string MethodRequest::label() const {
    return joined(method, ':', workers);
}

scenario::Method parse_method(std::string_view option, const std::string& text, const std::string& given,
                              std::string_view form) {
    std::vector<std::string_view> names;
    std::string listed;
    for (const scenario::Method& traits : scenario::Method::all()) {
        if (traits.name() == text) return traits;
        names.push_back(traits.name());
        listed += fmt::format("{}{}", listed.empty() ? "" : ", ", traits.name());
    }
    const std::string_view meant = option::nearest(text, names);
    throw InputError(option, given, fmt::format("{} with a method out of {}", form, listed),
                     meant.empty() ? "" : fmt::format("did you mean {}?", meant));
}

MethodRequest parse_method_request(std::string_view option, const std::string& text,
                                   std::size_t default_workers) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    MethodRequest request{parse_method(option, text.substr(0, colon), text, single_form), default_workers};
    if (request.method->traits->is_alone) request.workers = 1;
    if (colon == text.size()) return request;
    const std::string allowed =
        fmt::format("{} with a whole number from 1 to {}", single_form, most_workers_allowed);
    try {
        request.workers =
            option::parse_whole(option, text.substr(colon + 1), {1, most_workers_allowed}, allowed);
    } catch (const InputError&) {
        throw InputError(option, text, allowed);
    }
    if (request.method->traits->is_alone && request.workers > 1)
        throw InputError(option, text, "serial", "serial has one worker");
    return request;
}

scenario::Config config_for(const scenario::Config& scenario, MethodRequest request,
                            std::size_t most_workers) {
    scenario::Config config = scenario;
    config.method = request.method;
    config.workers = request.workers;
    if (request.workers >= most_workers) return config;
    if (config.speeds_flops.size() == most_workers) keep_first(config.speeds_flops, request.workers);
    if (config.speed_multiples.size() == most_workers) keep_first(config.speed_multiples, request.workers);
    if (config.latencies_s.size() == most_workers) keep_first(config.latencies_s, request.workers);
    if (config.bandwidths_Bps.size() == most_workers) keep_first(config.bandwidths_Bps, request.workers);
    keep_of_first(config.stragglers, request.workers);
    keep_of_first(config.pauses, request.workers);
    keep_of_first(config.failures, request.workers);
    keep_of_first(config.speed_profiles, request.workers);
    return config;
}

}  // namespace lockstep::study
