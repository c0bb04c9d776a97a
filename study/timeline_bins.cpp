#include "study/timeline_bins.hpp"

#include <algorithm>

namespace lockstep::study {

Use use_of(events::Activity activity) {
    using enum events::Activity;
    switch (activity) {
        case compute:
            return Use::compute;
        case wait:
            return Use::wait;
        case send:
        case receive:
        case collective:
            return Use::transfer;
        default:
            return Use::other;
    }
}

std::vector<Shares> binned(const events::Track& track, std::size_t bins, double bin_s) {
    std::vector<Shares> result(bins, Shares{});
    const auto place = [&](double time_s) {
        return static_cast<std::size_t>(std::clamp(time_s / bin_s, 0.0, static_cast<double>(bins - 1)));
    };
    for (const events::Span& span : track.spans)
        for (std::size_t i = place(span.begin_s); i <= place(span.end_s); ++i) {
            const double begin_s = std::max(span.begin_s, static_cast<double>(i) * bin_s);
            const double end_s = std::min(span.end_s, static_cast<double>(i + 1) * bin_s);
            result[i][static_cast<std::size_t>(use_of(span.activity))] += std::max(end_s - begin_s, 0.0);
        }
    for (std::size_t i = 0; i < bins; ++i) {
        const double lived_s = std::clamp(track.end_s - static_cast<double>(i) * bin_s, 0.0, bin_s);
        double known_s = 0;
        for (const double spent_s : result[i]) known_s += spent_s;
        result[i].back() += std::max(lived_s - known_s, 0.0);
    }
    return result;
}

std::vector<std::optional<Use>> uses_to_show(const std::vector<Shares>& bins) {
    std::vector<std::optional<Use>> result;
    Shares owed{};
    for (const Shares& bin : bins) {
        std::size_t most = 0;
        double length = 0;
        for (std::size_t i = 0; i < use_count; ++i) {
            length += bin[i];
            owed[i] += bin[i];
            if (owed[i] > owed[most]) most = i;
        }
        result.push_back(length > 0 ? std::optional(static_cast<Use>(most)) : std::nullopt);
        if (length > 0) owed[most] -= length;
    }
    return result;
}

}  // namespace lockstep::study
