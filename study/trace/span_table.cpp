#include "study/trace/span_table.hpp"

#include <iterator>

#include <fmt/format.h>

namespace lockstep::study {
namespace {

using events::Activity;
using events::Span;
using Buffer = fmt::memory_buffer;

constexpr std::size_t piece_size = 1U << 16U;

template <typename Value>
void add_cell(Buffer& buffer, bool has_meaning, const Value& value) {
    buffer.push_back(',');
    if (has_meaning) fmt::format_to(std::back_inserter(buffer), "{}", value);
}

void add_row(Buffer& buffer, const events::Track& track, const Span& span) {
    const bool is_apply = span.activity == Activity::apply;
    const bool moves = span.activity == Activity::send || span.activity == Activity::receive;
    fmt::format_to(std::back_inserter(buffer), "{},{},{},{}", track.rank, span.begin_s, span.end_s,
                   name(span.activity));
    add_cell(buffer, !track.is_server, span.round);
    add_cell(buffer, is_apply, span.version);
    add_cell(buffer, is_apply, span.staleness);
    add_cell(buffer, span.peer != events::no_peer, span.peer);
    add_cell(buffer, moves, span.bytes);
    add_cell(buffer, span.activity == Activity::compute, name(span.phase));
    buffer.push_back('\n');
}

}  // namespace

void write_span_table(const events::Timeline& timeline, Sink sink) {
    Buffer buffer;
    fmt::format_to(std::back_inserter(buffer),
                   "rank,begin_s,end_s,kind,round,version,staleness,peer,bytes,phase\n");
    for (const events::Track& track : timeline.tracks)
        for (const Span& span : track.spans) {
            add_row(buffer, track, span);
            if (buffer.size() < piece_size) continue;
            sink({buffer.data(), buffer.size()});
            buffer.clear();
        }
    sink({buffer.data(), buffer.size()});
}

}  // namespace lockstep::study
