#include "study/compare/limit.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"

namespace lockstep::study {
namespace {

constexpr double half = 0.5;
constexpr double worth_telling = 0.01;

/// What limits, and what if it did not: `limited by ... : with ... it would take`.
std::pair<std::string_view, std::string_view> words_for(Resource resource) {
    switch (resource) {
        case Resource::straggler:
            return {"a straggler", "with all workers as fast as the median one"};
        case Resource::server:
            return {"the server", "with an infinitely fast server on an unlimited link"};
        case Resource::bandwidth:
            return {"bandwidth", "with unlimited bandwidth"};
        case Resource::latency:
            return {"latency", "without latency and message overhead"};
        case Resource::compute:
            return {"compute", "with workers that compute in no time"};
    }
    return {};
}

std::string_view put_aside(Resource resource, const Limit& limit) {
    const bool has_server =
        std::ranges::find(limit.gains, Resource::server, &Gain::resource) != limit.gains.end();
    const bool is_of_network = resource == Resource::bandwidth || resource == Resource::latency;
    return is_of_network && has_server ? "stragglers and the server aside, " : "stragglers aside, ";
}

std::string percent(double part_s, double whole_s) {
    return fmt::format("{:.0f} %", 100 * part_s / whole_s);
}

/// Changes of less than this are rounding.
bool differ(double a_s, double b_s) {
    return std::abs(a_s - b_s) > 1e-3 * std::max(a_s, b_s);
}

std::string consequence(const Gain& gain, const Limit& limit) {
    const std::string_view instead = words_for(gain.resource).second;
    const std::string after = base::format_time(gain.after_s);
    const std::string before = base::format_time(gain.before_s);
    if (!differ(gain.before_s, limit.time_s))
        return fmt::format("{} it would take {} instead of {} ({} less)", instead, after, before,
                           percent(gain.saved_s(), limit.time_s));
    return fmt::format("{}{} it would take {} instead of {} ({} of its {})", put_aside(gain.resource, limit),
                       instead, after, before, percent(gain.saved_s(), limit.time_s),
                       base::format_time(limit.time_s));
}

std::string runner_up(const Limit& limit) {
    const Gain* next = nullptr;
    for (const Gain& gain : limit.gains)
        if (gain.resource != limit.resource && gain.saved_s() >= worth_telling * limit.time_s &&
            (next == nullptr || gain.saved_s() > next->saved_s()))
            next = &gain;
    return next == nullptr
               ? std::string()
               : fmt::format("; next: {} ({})", name(next->resource), percent(next->saved_s(), limit.time_s));
}

/// Where stragglers save time: the reader would look for an error.
std::string odd_straggler(const Limit& limit) {
    const auto straggler = std::ranges::find(limit.gains, Resource::straggler, &Gain::resource);
    if (straggler == limit.gains.end() || straggler->saved_s() > -tie * limit.time_s) return {};
    return " Without its stragglers it would be slower: workers that are alike meet at the server.";
}

}  // namespace

Limit find_limit(double time_s, std::vector<Gain> gains) {
    Limit limit{time_s, {}, std::move(gains)};
    const auto largest = std::ranges::max_element(limit.gains, {}, &Gain::saved_s);
    const double most_s = largest == limit.gains.end() ? 0 : largest->saved_s();
    const bool knows_compute =
        std::ranges::find(limit.gains, Resource::compute, &Gain::resource) != limit.gains.end();
    if (!knows_compute && most_s < half * time_s) {
        limit.resource = Resource::compute;
    } else if (most_s >= tie * time_s) {
        const auto ties = [&](const Gain& gain) {
            return gain.saved_s() >= most_s - tie * time_s && gain.saved_s() > 0;
        };
        limit.resource = std::ranges::find_if(limit.gains, ties)->resource;
    }
    return limit;
}

std::string limit_sentence(std::string_view label, const Limit& limit) {
    if (!limit.resource)
        return fmt::format("{} is limited by no resource alone: none of them saves {} of its {} by itself.",
                           label, percent(tie, 1), base::format_time(limit.time_s));
    const auto gain = std::ranges::find(limit.gains, *limit.resource, &Gain::resource);
    const std::string why =
        gain == limit.gains.end()
            ? fmt::format(
                  "neither bandwidth, latency nor stragglers account for half of its {} by themselves",
                  base::format_time(limit.time_s))
            : consequence(*gain, limit);
    return fmt::format("{} is limited by {}: {}{}.{}", label, words_for(*limit.resource).first, why,
                       runner_up(limit), odd_straggler(limit));
}

std::string stall_sentence(std::string_view label, const result::Result& result) {
    std::string who;
    for (const scenario::Failure& failure : result.config.failures) {
        const bool is_for_good = failure.back_s == scenario::for_ever_s;
        if (!is_for_good || failure.worker >= result.workers.size() ||
            result.workers[failure.worker].completed)
            continue;
        who += fmt::format("{}worker {} stopped at {}", who.empty() ? "" : ", ", failure.worker,
                           base::format_time(failure.at_s));
    }
    return fmt::format("{} stalls: {} and the others wait for it.", label,
                       who.empty() ? "a worker stopped" : who);
}

}  // namespace lockstep::study
