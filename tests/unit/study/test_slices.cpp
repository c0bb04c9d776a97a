#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "study/trace/slices.hpp"
#include "tests/support/catch.hpp"

namespace test_slices {

using namespace lockstep;
using events::Activity;
using study::Slice;

namespace {

events::Span span(double begin_s, double end_s, Activity activity) {
    events::Span result;
    result.begin_s = begin_s;
    result.end_s = end_s;
    result.activity = activity;
    return result;
}

events::Track track(std::vector<events::Span> spans, double end_s) {
    events::Track result;
    result.spans = std::move(spans);
    result.end_s = end_s;
    return result;
}

/// Begin and end of each, and whether a span is shown.
std::vector<std::array<std::int64_t, 3>> outline(const std::vector<Slice>& slices) {
    std::vector<std::array<std::int64_t, 3>> result;
    for (const Slice& slice : slices)
        result.push_back({slice.begin_ns, slice.end_ns, slice.span == nullptr ? 0 : 1});
    return result;
}

using Outline = std::vector<std::array<std::int64_t, 3>>;

}  // namespace

TEST_CASE("slices fill a track: the example of the header") {
    const auto example =
        track({span(10e-9, 20e-9, Activity::compute), span(30e-9, 40e-9, Activity::send)}, 50e-9);
    CHECK(outline(study::slices(example, 0)) ==
          Outline{{0, 10, 0}, {10, 20, 1}, {20, 30, 0}, {30, 40, 1}, {40, 50, 0}});
    CHECK(outline(study::slices(example, 60)).back() == std::array<std::int64_t, 3>{40, 60, 0});
}

TEST_CASE("spans that overlap by their clocks' uncertainty follow each other, and moments are no slices") {
    const auto overlapping =
        track({span(0, 20e-9, Activity::compute), span(15e-9, 30e-9, Activity::wait),
               span(16e-9, 18e-9, Activity::compute), span(30e-9, 30e-9, Activity::apply),
               span(30e-9, 30.2e-9, Activity::send)},
              30e-9);
    CHECK(outline(study::slices(overlapping, 0)) == Outline{{0, 20, 1}, {20, 30, 1}});
    CHECK(study::slices(track({}, 0), 0).empty());
}

TEST_CASE("an arrow ends in the blocked time that it ended, and else at its own time") {
    const auto example = track({span(0, 10e-9, Activity::compute), span(10e-9, 20e-9, Activity::receive),
                                span(20e-9, 30e-9, Activity::compute)},
                               30e-9);
    const std::vector<Slice> all = study::slices(example, 0);
    CHECK(study::arrow_end_ns(all, 20, 5) == 19);
    CHECK(study::arrow_end_ns(all, 20, 20) == 20);  // not before it began
    CHECK(study::arrow_end_ns(all, 15, 0) == 15);
    CHECK(study::arrow_end_ns(all, 10, 0) == 10);  // computing is ended by no message
    CHECK(study::arrow_end_ns(all, 40, 0) == 40);
}

}  // namespace test_slices
