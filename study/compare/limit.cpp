#include "study/compare/limit.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/text.hpp"
#include "scenario/applicability.hpp"

namespace lockstep::study {
namespace {

using scenario::Config;

/// What the scenario has of a resource: `limited by NOUN: INSTEAD it would take`, and `next: SHORT`.
struct Words {
    std::string noun;
    std::string instead;
    std::string aside;
};

Words words_for_stragglers(const Config& config) {
    const std::string same_steps = "steps of their mean length";
    if (!has_uneven_workers(config)) return {"steps that vary", "with " + same_steps, "steps that vary"};
    const std::string alike = "with all workers as fast as the median one";
    return {"a straggler", config.variability.is_constant() ? alike : alike + " and " + same_steps,
            "stragglers"};
}

Words words_for_servers(const Config& config) {
    const bool is_one = scenario::server_count(config) == 1;
    std::string instead = is_one ? "with an infinitely fast server" : "with infinitely fast servers";
    if (scenario::applies("server-latency", config))
        instead += is_one ? " on an unlimited link" : " on unlimited links";
    std::string noun = is_one ? "the server" : "the servers";
    return {noun, std::move(instead), noun};
}

Words words_for_bandwidth(const Config& config) {
    const std::string_view where = config.receive_bandwidth_Bps ? " of links and receivers" : "";
    return {"bandwidth", fmt::format("with unlimited bandwidth{}", where), "bandwidth"};
}

bool has_latency(const Config& config) {
    return scenario::has_platform_file(config) || config.latency_s > 0 || !config.latencies_s.empty() ||
           config.server_latency_s.value_or(0) > 0 || config.backbone_latency_s > 0 ||
           config.loopback_latency_s > 0;
}

Words words_for_latency(const Config& config) {
    std::string noun = has_latency(config) ? "latency" : "";
    if (config.message_overhead_s > 0) noun += noun.empty() ? "message overhead" : " and message overhead";
    return {noun, "without " + noun, noun};
}

Words words_for(Resource resource, const Config& config) {
    switch (resource) {
        case Resource::straggler:
            return words_for_stragglers(config);
        case Resource::server:
            return words_for_servers(config);
        case Resource::bandwidth:
            return words_for_bandwidth(config);
        case Resource::latency:
            return words_for_latency(config);
        case Resource::compute:
            return {"compute",
                    scenario::has_platform_file(config) ? "with steps that take no time"
                                                        : "with workers that compute in no time",
                    "compute"};
    }
    return {};
}

/// `stragglers and the server aside, `
std::string put_aside(const Gain& gain, const Config& config) {
    std::string text;
    for (const Resource resource : gain.aside)
        text += fmt::format("{}{}", text.empty() ? "" : " and ", words_for(resource, config).aside);
    return text.empty() ? text : text + " aside, ";
}

/// Never all of it, and never nothing, by rounding alone.
std::string percent(double part_s, double whole_s) {
    const double share = 100 * part_s / whole_s;
    if (share < 100 && share >= 99.5) return "over 99 %";
    return share > 0 && share < 0.5 ? "under 1 %" : fmt::format("{:.0f} %", share);
}

std::string consequence(const Gain& gain, const Limit& limit, const Config& config) {
    const std::string saved = percent(gain.saved_s(), limit.time_s);
    return fmt::format(
        "{}{} it would take {} instead of {} ({})", put_aside(gain, config),
        words_for(gain.resource, config).instead, base::format_time(gain.after_s),
        base::format_time(gain.before_s),
        gain.aside.empty() ? saved + " less" : saved + " of its " + base::format_time(limit.time_s));
}

std::string runner_up(const Limit& limit, const Config& config) {
    const double least_s = std::max(worth_telling * limit.time_s, limit.noise_s);
    const Gain* next = nullptr;
    for (const Gain& gain : limit.gains)
        if (gain.resource != limit.resource && gain.saved_s() >= least_s &&
            (next == nullptr || gain.saved_s() > next->saved_s()))
            next = &gain;
    return next == nullptr ? std::string()
                           : fmt::format("; next: {} ({})", words_for(next->resource, config).noun,
                                         percent(next->saved_s(), limit.time_s));
}

/// What saves less is no limit.
double least_limit_s(double time_s, double noise_s) {
    return std::max(tie * time_s, noise_s);
}

/// Where stragglers save time: the reader would look for an error.
std::string odd_straggler(const Limit& limit, const Config& config) {
    const auto found = std::ranges::find(limit.gains, Resource::straggler, &Gain::resource);
    if (found == limit.gains.end() || -found->saved_s() < least_limit_s(limit.time_s, limit.noise_s))
        return {};
    std::string instead = words_for(Resource::straggler, config).instead;
    instead.front() = 'W';
    return fmt::format(" {} it would take longer: {} ({} more).", instead, base::format_time(found->after_s),
                       percent(-found->saved_s(), limit.time_s));
}

/// Where chance decides about much. ` What saves less than 7 % may be chance.`
std::string chance_remark(const Limit& limit) {
    if (limit.noise_s < much_noise * limit.time_s) return {};
    return limit.resource
               ? fmt::format(" What saves less than {} may be chance.", percent(limit.noise_s, limit.time_s))
               : " What saves less may be chance.";
}

}  // namespace

Limit find_limit(double time_s, double noise_s, std::vector<Gain> gains) {
    Limit limit{time_s, noise_s, {}, std::move(gains)};
    const auto largest = std::ranges::max_element(limit.gains, {}, &Gain::saved_s);
    if (largest == limit.gains.end()) return limit;
    const double most_s = largest->saved_s();
    if (most_s < least_limit_s(time_s, noise_s)) return limit;
    const auto ties = [&](const Gain& gain) {
        return gain.saved_s() >= std::max(most_s - tie * time_s, noise_s) && gain.saved_s() > 0;
    };
    limit.resource = std::ranges::find_if(limit.gains, ties)->resource;
    return limit;
}

std::string limit_sentence(std::string_view label, const Limit& limit, const Config& config) {
    if (!limit.resource)
        return fmt::format(
            "{} is limited by no resource alone: none of them saves {} of its {} by itself.{}{}", label,
            percent(least_limit_s(limit.time_s, limit.noise_s), limit.time_s),
            base::format_time(limit.time_s), chance_remark(limit), odd_straggler(limit, config));
    const Gain& gain = *std::ranges::find(limit.gains, *limit.resource, &Gain::resource);
    const bool is_alone = scenario::rank_count(config) == 1;
    return fmt::format("{} is limited by {}: {}{}.{}{}", label, words_for(gain.resource, config).noun,
                       is_alone ? "it exchanges nothing" : consequence(gain, limit, config),
                       runner_up(limit, config), chance_remark(limit), odd_straggler(limit, config));
}

std::string stall_sentence(std::string_view label, const result::Result& result) {
    return fmt::format("{} stalls: {}.", label, result::who_stopped(result));
}

}  // namespace lockstep::study
