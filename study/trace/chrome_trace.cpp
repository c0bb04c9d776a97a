#include "study/trace/chrome_trace.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "study/trace/slices.hpp"

namespace lockstep::study {
namespace {

using events::Activity;

constexpr std::size_t flushed_at_B = 1U << 16U;
constexpr int process = 1;

/// Nanoseconds as the microseconds of the format.
struct Time {
    std::int64_t ns;
};

}  // namespace
}  // namespace lockstep::study

template <>
struct fmt::formatter<lockstep::study::Time> {
    constexpr auto parse(format_parse_context& context) { return context.begin(); }
    auto format(lockstep::study::Time time, format_context& context) const {
        return fmt::format_to(context.out(), "{}.{:03}", time.ns / 1000, time.ns % 1000);
    }
};

namespace lockstep::study {
namespace {

/// One end of a message's arrow on a track.
struct ArrowEnd {
    std::int64_t at_ns;
    std::uint64_t message;  ///< its place in the timeline, and the arrow's id
    bool arrives;
};

class ChromeTrace {
  public:
    ChromeTrace(const RunFolder& run, Sink sink) : run_(run), timeline_(*run.timeline), sink_(sink) {}

    void write() {
        put(R"({{"displayTimeUnit":"ms","traceEvents":[)"
            "\n"
            R"({{"ph":"M","pid":{},"name":"process_name","args":{{"name":{}}}}})",
            process, quoted(run_.name));
        for (const events::Track& track : timeline_.tracks) name_track(track);
        const std::vector<std::vector<ArrowEnd>> ends = arrow_ends();
        for (std::size_t i = 0; i < timeline_.tracks.size(); ++i) write_track(timeline_.tracks[i], ends[i]);
        write_bytes_in_flight();
        write_staleness();
        write_losses();
        put("\n]}}\n");
        flush();
    }

  private:
    template <typename... Values>
    void put(fmt::format_string<Values...> format, Values&&... values) {
        fmt::format_to(std::back_inserter(buffer_), format, std::forward<Values>(values)...);
        if (buffer_.size() >= flushed_at_B) flush();
    }

    void flush() {
        sink_({buffer_.data(), buffer_.size()});
        buffer_.clear();
    }

    /// Names come from folders, which need not be UTF-8.
    static std::string quoted(const std::string& text) {
        return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    }

    void name_track(const events::Track& track) {
        put(",\n"
            R"({{"ph":"M","pid":{0},"tid":{1},"name":"thread_name","args":{{"name":"{2} {1}"}}}})"
            ",\n"
            R"({{"ph":"M","pid":{0},"tid":{1},"name":"thread_sort_index","args":{{"sort_index":{1}}}}})",
            process, track.rank, track.is_server ? "server" : "worker");
    }

    /// Of the messages that arrived, on each track, in the order of time. Both ends are put within slices.
    std::vector<std::vector<ArrowEnd>> arrow_ends() const {
        std::vector<std::vector<ArrowEnd>> ends(timeline_.tracks.size());
        for (std::size_t i = 0; i < timeline_.messages.size(); ++i) {
            const events::Message& message = timeline_.messages[i];
            if (!message.arrived) continue;
            ends[message.from].push_back({std::max<std::int64_t>(0, to_ns(message.sent_s)), i, false});
            ends[message.to].push_back({std::max<std::int64_t>(0, to_ns(message.arrived_s)), i, true});
        }
        for (auto& track : ends) std::ranges::stable_sort(track, {}, &ArrowEnd::at_ns);
        return ends;
    }

    void write_track(const events::Track& track, std::vector<ArrowEnd> ends) {
        const std::vector<Slice> all = slices(track, ends.empty() ? 0 : ends.back().at_ns + 1);
        for (ArrowEnd& end : ends)
            if (end.arrives)
                end.at_ns = arrow_end_ns(all, end.at_ns, to_ns(timeline_.messages[end.message].sent_s));
        std::ranges::stable_sort(ends, {}, &ArrowEnd::at_ns);
        auto next_end = ends.begin();
        auto next_instant = track.spans.begin();
        for (const Slice& slice : all) {
            write_slice(track, slice);
            while (true) {  // what happens within the slice, in the order of time
                next_instant = std::find_if(next_instant, track.spans.end(), is_instant);
                const bool has_end = next_end != ends.end() && next_end->at_ns < slice.end_ns;
                const bool has_instant =
                    next_instant != track.spans.end() && to_ns(next_instant->begin_s) < slice.end_ns;
                if (!has_end && !has_instant) break;
                if (has_end && (!has_instant || next_end->at_ns <= to_ns(next_instant->begin_s)))
                    write_arrow_end(track.rank, *next_end++);
                else
                    write_instant(track, *next_instant++);
            }
        }
        // At the very end, or where a rank's whole time is shorter than a nanosecond.
        for (; next_instant != track.spans.end(); ++next_instant)
            if (is_instant(*next_instant)) write_instant(track, *next_instant);
    }

    static bool is_instant(const events::Span& span) {
        return span.activity == Activity::apply || span.activity == Activity::evaluate;
    }

    void write_slice(const events::Track& track, const Slice& slice) {
        put(",\n"
            R"({{"ph":"X","pid":{},"tid":{},"ts":{},"dur":{},"name":"{}")",
            process, track.rank, Time{slice.begin_ns}, Time{slice.end_ns - slice.begin_ns},
            slice.span == nullptr ? "other" : name(slice.span->activity));
        if (slice.span != nullptr) write_details(track, *slice.span);
        put("}}");
    }

    /// What is known of a span besides its times.
    void write_details(const events::Track& track, const events::Span& span) {
        const auto cname = colour(span.activity);
        if (!cname.empty()) put(R"(,"cname":"{}")", cname);
        put(R"(,"args":{{)");
        const char* comma = "";
        const auto argument = [&](bool has_meaning, std::string_view key, auto value) {
            if (!has_meaning) return;
            put(R"({}"{}":{})", comma, key, value);
            comma = ",";
        };
        const bool is_apply = span.activity == Activity::apply;
        argument(!track.is_server, "round", span.round);
        argument(span.peer != events::no_peer, is_apply ? "worker" : "peer", span.peer);
        argument(span.activity == Activity::send || span.activity == Activity::receive, "bytes", span.bytes);
        argument(is_apply, "version", span.version);
        argument(is_apply, "staleness", span.staleness);
        if (span.activity == Activity::compute) put(R"({}"phase":"{}")", comma, name(span.phase));
        put("}}");
    }

    /// Of the colours that chrome://tracing has names for; Perfetto chooses its own by the slice's name.
    static std::string_view colour(Activity activity) {
        switch (activity) {
            case Activity::compute:
                return "thread_state_running";
            case Activity::wait:
                return "thread_state_iowait";
            case Activity::send:
            case Activity::receive:
                return "thread_state_runnable";
            default:
                return {};
        }
    }

    void write_arrow_end(std::size_t rank, const ArrowEnd& end) {
        put(",\n"
            R"({{"ph":"{}","pid":{},"tid":{},"ts":{},"id":{},"cat":"message","name":"message"{}}})",
            end.arrives ? "f" : "s", process, rank, Time{end.at_ns}, end.message,
            end.arrives ? R"(,"bp":"e")" : "");
    }

    void write_instant(const events::Track& track, const events::Span& span) {
        put(",\n"
            R"({{"ph":"i","s":"t","pid":{},"tid":{},"ts":{},"name":"{}")",
            process, track.rank, Time{std::max<std::int64_t>(0, to_ns(span.begin_s))}, name(span.activity));
        write_details(track, span);
        put("}}");
    }

    template <typename Value>
    void write_counter(std::string_view name, std::int64_t at_ns, Value value) {
        put(",\n"
            R"({{"ph":"C","pid":{},"ts":{},"name":"{}","args":{{"{}":{}}}}})",
            process, Time{std::max<std::int64_t>(0, at_ns)}, name, name, value);
    }

    /// Messages that never arrived stay in flight.
    void write_bytes_in_flight() {
        std::vector<std::pair<std::int64_t, std::int64_t>> changes;
        for (const events::Message& message : timeline_.messages) {
            const auto bytes = static_cast<std::int64_t>(message.bytes);
            changes.emplace_back(to_ns(message.sent_s), bytes);
            if (message.arrived) changes.emplace_back(to_ns(message.arrived_s), -bytes);
        }
        std::ranges::stable_sort(changes, {}, [](const auto& change) { return change.first; });
        std::int64_t bytes = 0;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            bytes += changes[i].second;
            const bool is_last_then = i + 1 == changes.size() || changes[i + 1].first > changes[i].first;
            if (is_last_then) write_counter("bytes in flight", changes[i].first, bytes);
        }
    }

    void write_staleness() {
        std::vector<std::pair<std::int64_t, std::uint32_t>> applies;
        for (const events::Track& track : timeline_.tracks)
            for (const events::Span& span : track.spans)
                if (span.activity == Activity::apply)
                    applies.emplace_back(to_ns(span.begin_s), span.staleness);
        std::ranges::stable_sort(applies, {}, [](const auto& apply) { return apply.first; });
        for (const auto& [at_ns, staleness] : applies) write_counter("staleness", at_ns, staleness);
    }

    /// JSON has no number for a loss that has diverged.
    void write_losses() {
        if (!run_.result) return;
        for (const result::Evaluation& evaluation : run_.result->history) {
            if (evaluation.worker) continue;
            const std::int64_t at_ns = to_ns(evaluation.elapsed_s);
            if (std::isfinite(evaluation.test_loss)) write_counter("test loss", at_ns, evaluation.test_loss);
            if (std::isfinite(evaluation.train_loss))
                write_counter("train loss", at_ns, evaluation.train_loss);
        }
    }

    const RunFolder& run_;
    const events::Timeline& timeline_;
    Sink sink_;
    fmt::memory_buffer buffer_;
};

}  // namespace

void write_chrome_trace(const RunFolder& run, Sink sink) {
    ChromeTrace(run, sink).write();
}

}  // namespace lockstep::study
