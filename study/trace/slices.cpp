#include "study/trace/slices.hpp"

#include <algorithm>
#include <cmath>

namespace lockstep::study {
namespace {

bool is_blocked(const Slice& slice) {
    using enum events::Activity;
    return slice.span != nullptr &&
           (slice.span->activity == send || slice.span->activity == receive || slice.span->activity == wait);
}

}  // namespace

std::int64_t to_ns(double seconds) {
    return std::llround(seconds * 1e9);
}

std::vector<Slice> slices(const events::Track& track, std::int64_t last_ns) {
    std::vector<Slice> result;
    result.reserve(track.spans.size() + 1);
    std::int64_t reached_ns = 0;
    const auto reach = [&](std::int64_t end_ns, const events::Span* span) {
        if (end_ns <= reached_ns) return;
        result.push_back({reached_ns, end_ns, span});
        reached_ns = end_ns;
    };
    for (const events::Span& span : track.spans) {
        const std::int64_t end_ns = to_ns(span.end_s);
        if (end_ns <= to_ns(span.begin_s)) continue;
        reach(to_ns(span.begin_s), nullptr);
        reach(end_ns, &span);
    }
    reach(std::max(to_ns(track.end_s), last_ns), nullptr);
    return result;
}

std::int64_t arrow_end_ns(std::span<const Slice> track, std::int64_t at_ns, std::int64_t earliest_ns) {
    const auto found = std::ranges::lower_bound(track, at_ns, {}, &Slice::end_ns);
    const bool ends_it = found != track.end() && found->end_ns == at_ns && is_blocked(*found);
    return ends_it && at_ns > earliest_ns ? at_ns - 1 : at_ns;
}

}  // namespace lockstep::study
