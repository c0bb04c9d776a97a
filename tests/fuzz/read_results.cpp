// What runs have left: results, estimates, orders of arrival, events, checkpoints.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/packing.hpp"
#include "events/file.hpp"
#include "events/timeline.hpp"
#include "exchange/leg.hpp"
#include "result/checkpoint.hpp"
#include "result/csv.hpp"
#include "result/estimate.hpp"
#include "result/json.hpp"
#include "result/order.hpp"
#include "result/text.hpp"
#include "study/csv_table.hpp"
#include "study/show/text.hpp"
#include "study/trace/chrome_trace.hpp"
#include "study/trace/span_table.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/readers.hpp"

namespace lockstep::fuzz {
namespace {

constexpr std::string_view source = "input";

void read_order(std::string_view text) {
    const auto order = taken([&] { return result::parse_order(text, source); });
    if (!order) return;
    const std::string written = result::order_text(*order);
    require_same(result::order_text(result::parse_order(written, "what was written")), written);
}

/// With a last line that vouches for all that is above it.
std::string vouched_for(std::string_view text) {
    const std::string above(text.substr(0, text.rfind("end,")));
    const std::size_t columns = above.find("\ntaker,");
    const auto rows_begin = above.begin() + static_cast<std::ptrdiff_t>(std::min(columns + 1, above.size()));
    const auto lines = std::count(rows_begin, above.end(), '\n');
    return fmt::format("{}end,{},{}\n", above, std::max<std::ptrdiff_t>(lines - 1, 0),
                       base::digest_of_bytes(above));
}

void read_checkpoint(std::string_view bytes) {
    const auto checkpoint = taken([&] { return result::checkpoint_of(bytes, source); });
    if (!checkpoint) return;
    const std::string written = result::to_bytes(*checkpoint);
    require_same(result::to_bytes(result::checkpoint_of(written, "what was written")), written);
    for (const std::vector<std::byte>& rank : checkpoint->ranks)
        if (const auto memory = taken([&] { return base::unpack<exchange::Memory>(rank); })) {
            const std::vector<std::byte> packed = base::pack(*memory);
            require(base::pack(base::unpack<exchange::Memory>(packed)) == packed,
                    "a memory is packed as before");
        }
}

/// Files one after another: each begins with the name of its format.
std::vector<std::string_view> files_in(std::string_view input) {
    std::vector<std::string_view> files;
    while (!input.empty()) {
        const std::size_t size = std::min(input.find(events::file_format, 1), input.size());
        files.push_back(input.substr(0, size));
        input.remove_prefix(size);
    }
    return files;
}

/// That the timeline can be shown in every way.
void require_pictures(events::Timeline timeline) {
    const study::RunFolder run{folder(), "run", {}, std::move(timeline), {}};
    std::string trace;
    study::write_chrome_trace(run, [&](std::string_view piece) { trace += piece; });
    require(nlohmann::json::accept(trace), "a trace is JSON");
    std::string table;
    study::write_span_table(*run.timeline, [&](std::string_view piece) { table += piece; });
    study::parse_csv(table, "table of spans");
    study::to_text(run, {});
}

}  // namespace

void read_result_file(std::string_view input) {
    auto result = taken([&] { return result::from_json(input, source); });
    if (!result) return;
    const std::string written = result::to_json(*result);
    require_same(result::to_json(result::from_json(written, "what was written")), written);
    result::to_text(*result);
    study::parse_csv(result::summary_csv(*result), "summary");
    study::parse_csv(result::history_csv(*result), "history");
    study::to_text({folder(), "run", std::move(result), {}, {}}, {});
}

void read_estimate(std::string_view input) {
    const auto estimate = taken([&] { return result::estimate_from_json(input, source); });
    if (!estimate) return;
    const std::string written = result::to_json(*estimate);
    require_same(result::to_json(result::estimate_from_json(written, "what was written")), written);
}

void read_order_file(std::string_view input) {
    read_order(input);
    read_order(vouched_for(input));
}

void read_checkpoint_file(std::string_view input) {
    read_checkpoint(input);
    constexpr std::size_t digest_digits = 32;
    const std::string above(input.substr(0, std::max(input.size(), digest_digits) - digest_digits));
    read_checkpoint(above + base::digest_of_bytes(above));
}

void read_event_files(std::string_view input) {
    events::remove_event_files(folder());
    std::filesystem::create_directory(folder() / "events");
    const std::vector<std::string_view> files = files_in(input);
    for (std::size_t rank = 0; rank < files.size(); ++rank)
        file_of(files[rank], fmt::format("events/rank-{}.events", rank));
    if (const auto ranks = taken([] { return events::read_run_events(folder()); }))
        require_pictures(events::make_timeline(*ranks));
    std::vector<std::string> problems;
    if (const auto ranks = taken([&] { return events::read_usable_run_events(folder(), problems); }))
        require_pictures(events::make_timeline(*ranks));
}

}  // namespace lockstep::fuzz
