#include "study/report/advice/network.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "scenario/applicability.hpp"
#include "study/report/worker_times.hpp"

namespace lockstep::study {
namespace {

using result::Result;

/// Where messages take their time, in bytes or in setting out, on a network all of whose links are known to
/// be alike.
std::optional<Cause> network_cause(const Result& result) {
    const scenario::Config& config = result.config;
    const auto& summary = result.summary;
    if (!is_star_of_equal_links(result) || !summary.bytes || summary.messages.value_or(0) == 0)
        return std::nullopt;
    const double bytes = static_cast<double>(*summary.bytes) / static_cast<double>(*summary.messages);
    const double bytes_s = bytes / config.bandwidth_Bps;
    const double setting_out_s = config.latency_s + config.message_overhead_s;
    if (bytes_s >= 2 * setting_out_s) return Cause::bandwidth;
    if (setting_out_s >= 2 * bytes_s) return Cause::latency;
    return std::nullopt;
}

std::string message_sizes(const Result& result) {
    const auto& summary = result.summary;
    if (!summary.bytes || summary.messages.value_or(0) == 0) return {};
    const double mean = static_cast<double>(*summary.bytes) / static_cast<double>(*summary.messages);
    return fmt::format("{} messages carried {} on average.", *summary.messages, base::format_bytes(mean));
}

}  // namespace

Advice network_advice(const Result& result, double share, std::string_view what) {
    const std::string fewer = fewer_exchanges(result);
    const std::string less = result.config.method->has("compression") ? "send less (--compression), " : "";
    const auto advice = [&](Cause cause, std::string_view remark, std::string first) -> Advice {
        return {cause,
                fmt::format("Communication took most of the time ({} of it {}){}. {}", percent_of_time(share),
                            what, remark, message_sizes(result)),
                std::move(first),
                {}};
    };
    const std::optional<Cause> cause = network_cause(result);
    if (cause == Cause::latency)
        return advice(
            *cause, ", and of a message on an idle link more is latency and overhead than bytes",
            fmt::format("First {}; then lower latency. More bandwidth would change little.", fewer));
    if (cause == Cause::bandwidth)
        return advice(
            *cause, ", and of a message on an idle link more is bytes than latency",
            fmt::format("First {}{}; then a wider link. Lower latency would change little.", less, fewer));
    return advice(Cause::transfer, "", fmt::format("First {}{}; then a faster network.", less, fewer));
}

std::string fewer_exchanges(const Result& result) {
    return fmt::format("exchange less often (a larger --batch, {})",
                       scenario::applies("period", result.config)
                           ? "a longer --period"
                           : "or local-sgd, which exchanges every --period steps");
}

}  // namespace lockstep::study
