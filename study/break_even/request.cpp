#include "study/break_even/request.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "option/suggest.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"
#include "study/scenario_check.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;
using scenario::Group;
using scenario::Invocation;
using scenario::Option;

constexpr std::array all_measures{Measure::time, Measure::time_to_target, Measure::time_per_sample};
constexpr double widest_tolerance = 0.5;
constexpr double finest_tolerance = 1e-12;

/// Keys that determine a run's course and have one number.
bool can_vary(const Option& option) {
    return option.kind.number && !scenario::decides_nothing(option.group) &&
           option.group != Group::simulation && option.key != "seed";
}

const Option& parse_key(const std::string& text) {
    if (text.empty())
        throw InputError(
            "--vary: the key is missing; write for example --vary bandwidth --between 1Mbps..100Gbps "
            "--against "
            "serial");
    std::vector<std::string_view> keys;
    std::string listed;
    for (const Option& option : scenario::options()) {
        if (!can_vary(option)) continue;
        if (option.key == text) return option;
        keys.push_back(option.key);
        listed += fmt::format("{}{}", listed.empty() ? "" : ", ", option.key);
    }
    const std::string_view meant = option::nearest(text, keys);
    throw InputError("--vary", text, fmt::format("a key whose value is a number, which are {}", listed),
                     meant.empty() ? "" : fmt::format("did you mean {}?", meant));
}

void parse_range(BreakEvenRequest& request, const std::string& text) {
    const Option& option = *request.option;
    const std::string allowed =
        fmt::format("LOW..HIGH, where --{} allows {}", option.key, option.kind.allowed);
    const std::size_t dots = text.find("..");
    if (dots == std::string::npos)
        throw InputError("--between", text, allowed, "write two values with two dots between");
    const auto end_of = [&](const std::string& end) {
        Config scratch = request.scenario;
        option.kind.set(scratch, fmt::format("--between {}", text), end);
        const double value = option.kind.number->get(scratch);
        if (!std::isfinite(value)) throw InputError("--between", text, allowed, "both ends must be numbers");
        return value;
    };
    request.low_text = text.substr(0, dots);
    request.high_text = text.substr(dots + 2);
    request.low = end_of(request.low_text);
    request.high = end_of(request.high_text);
    if (request.low >= request.high)
        throw InputError("--between", text, allowed, "the first value is the smaller one");
}

bool opens_with_a_digit(const std::string& text) {
    return !text.empty() && (text.front() == '.' || (text.front() >= '0' && text.front() <= '9'));
}

void parse_against(BreakEvenRequest& request, const std::string& text) {
    if (text.empty())
        throw InputError(
            "--against: what to compare with is missing; write for example --against serial, "
            "--against in-turn:4 or --against 10.5s");
    if (opens_with_a_digit(text)) {
        request.against_s = base::parse_time_s("--against", text);
        request.against_label = text;
        if (request.against_s <= 0)
            throw InputError("--against", text, "a time above 0, or METHOD[:WORKERS]");
        return;
    }
    request.against = parse_method_request("--against", text, request.subject.workers);
    request.against_follows =
        !request.against->method->traits->is_alone && text.find(':') == std::string::npos;
    const bool both_vary = request.against_follows || request.option->key != "workers";
    if (*request.against == request.subject && both_vary)
        throw InputError("--against", text, "another METHOD[:WORKERS] than the run's own, or a time");
    request.against_label =
        request.against_follows && request.option->key == "workers" ? text : request.against->label();
}

Measure parse_measure(const std::string& text, const Config& config) {
    const auto* const found =
        std::ranges::find(all_measures, text, [](Measure measure) { return name(measure); });
    if (found == all_measures.end())
        throw InputError("--measure", text, "time, time-to-target, time-per-sample");
    if (*found != Measure::time_to_target) return *found;
    if (!scenario::target(config))
        throw InputError("--measure", text, "with --target-accuracy or --target-loss",
                         "say what is to be reached");
    if (scenario::timing_only(config))
        throw InputError("--measure", text, "where arithmetic is done",
                         "use --numerics real and --model fully-connected");
    return *found;
}

double parse_tolerance(const std::string& text) {
    constexpr std::string_view allowed = "a number from 1e-12 to 0.5";
    const double tolerance = option::parse_positive_real("--tolerance", text, widest_tolerance, allowed);
    if (tolerance < finest_tolerance) throw InputError("--tolerance", text, allowed);
    return tolerance;
}

void check(const Invocation& invocation, const BreakEvenRequest& request) {
    const std::string key(request.option->key);
    if (invocation.given_on_command_line(key))
        throw InputError(
            fmt::format("--{}: it varies between {}; remove it", key, invocation.extra.at("between")));
    if (invocation.given_on_command_line("out"))
        throw InputError(
            "--out: not with lockstep break-even, whose answer is one line; use --format csv or json");
    if (invocation.given_on_command_line("events"))
        throw InputError("--events: not with lockstep break-even, whose runs leave no files");
    refuse_order_files(invocation, "lockstep break-even", Replays::refused);
    std::vector<Config> configs;
    for (const double end : {request.low, request.high}) {
        configs.push_back(request.subject_at(end));
        if (const auto against = request.against_at(end)) configs.push_back(*against);
    }
    const auto applies = [&](const Config& config) { return scenario::applies(key, config); };
    if (std::ranges::none_of(configs, applies)) {
        const auto entry = std::ranges::find(scenario::applicabilities(), key, &scenario::Applicability::key);
        throw InputError(
            fmt::format("--vary: given '{}', but it applies only {}; vary another key", key, entry->where));
    }
    Invocation with_ends = invocation;
    with_ends.config.out.clear();
    check_scenarios(with_ends, configs, World::simulated, "run compared");
}

}  // namespace

std::string_view name(Measure measure) {
    constexpr std::array<std::string_view, all_measures.size()> names{"time", "time-to-target",
                                                                      "time-per-sample"};
    return names[static_cast<std::size_t>(measure)];
}

Config BreakEvenRequest::with(double value) const {
    Config config = scenario;
    option->kind.number->set(config, value);
    return config;
}

std::size_t BreakEvenRequest::most_workers() const {
    const std::size_t subjects = option->key == "workers" ? static_cast<std::size_t>(high) : subject.workers;
    return against && !against_follows ? std::max(subjects, against->workers) : subjects;
}

Config BreakEvenRequest::subject_at(double value) const {
    const Config config = with(value);
    return config_for(config, {subject.method, config.workers}, most_workers());
}

std::optional<Config> BreakEvenRequest::against_at(double value) const {
    if (!against) return {};
    const Config config = with(value);
    MethodRequest request = *against;
    if (against_follows) request.workers = config.workers;
    return config_for(config, request, most_workers());
}

bool BreakEvenRequest::against_varies() const {
    if (!against) return false;
    const Config config = *against_at(high);
    const bool is_alone = scenario::rank_count(config) == 1;
    if (option->key == "workers" && !against_follows) return false;
    return scenario::applies(option->key, config) && !(is_alone && option->group == Group::network);
}

int BreakEvenRequest::digits() const {
    return static_cast<int>(std::ceil(-std::log10(tolerance))) + 1;
}

std::string BreakEvenRequest::text_of(double value) const {
    constexpr int at_least = 10;
    const bool is_end = value == low || value == high;
    return text_of(value, is_end ? std::numeric_limits<double>::digits10 : std::max(digits(), at_least));
}

std::string BreakEvenRequest::text_of(double value, int digits) const {
    return scenario::text_in_unit(option->kind, with(value),
                                  scenario::unit_of_range(option->kind, low_text, high_text), digits);
}

double BreakEvenRequest::rounded(double value) const {
    Config config = scenario;
    option->kind.set(config, "--between", text_of(value, digits()));
    return std::clamp(option->kind.number->get(config), low, high);
}

BreakEvenRequest parse_break_even(const Invocation& invocation) {
    BreakEvenRequest request;
    request.scenario = invocation.config;
    request.scenario.out.clear();
    request.scenario.events = scenario::Events::none;
    request.option = &parse_key(invocation.extra.at("vary"));
    parse_range(request, invocation.extra.at("between"));
    request.subject = {invocation.config.method, invocation.config.workers};
    request.subject_label = request.option->key == "workers" ? std::string(request.subject.method.name())
                                                             : request.subject.label();
    parse_against(request, invocation.extra.at("against"));
    request.measure = parse_measure(invocation.extra.at("measure"), invocation.config);
    request.tolerance = parse_tolerance(invocation.extra.at("tolerance"));
    if (request.measure != Measure::time_to_target) request.scenario.numerics = scenario::Numerics::none;
    check(invocation, request);
    return request;
}

}  // namespace lockstep::study
