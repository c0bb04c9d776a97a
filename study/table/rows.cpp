#include "study/table/rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

constexpr std::string_view option = "--table-rows";
constexpr std::size_t most_workers = 65536;
constexpr std::string_view allowed_count = "METHOD:N or METHOD:N-M with whole numbers from 1 to 65536";

std::size_t parse_count(const std::string& text, const std::string& row) {
    try {
        return option::parse_whole(option, text, {1, most_workers}, allowed_count);
    } catch (const InputError&) {
        throw InputError(option, row, allowed_count);
    }
}

/// Adds the rows of one METHOD[:N[-M]].
void add_rows(std::vector<MethodRequest>& rows, const std::string& text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const scenario::Method method = parse_method(option, text.substr(0, colon), text, "METHOD[:N[-M]]");
    const std::string counts = colon == text.size() ? "1" : text.substr(colon + 1);
    const std::size_t dash = std::min(counts.find('-'), counts.size());
    const std::size_t first = parse_count(counts.substr(0, dash), text);
    const std::size_t last = dash == counts.size() ? first : parse_count(counts.substr(dash + 1), text);
    if (last < first) throw InputError(option, text, allowed_count, "the first number is the smaller one");
    if (method->traits->is_alone && last > 1)
        throw InputError(option, text, "serial", "serial has one worker");
    for (std::size_t workers = first; workers <= last; ++workers) {
        const MethodRequest row{method, workers};
        if (std::ranges::find(rows, row) != rows.end())
            throw InputError(option, text, "each row once", fmt::format("{} is there already", row.name()));
        rows.push_back(row);
    }
}

}  // namespace

std::vector<MethodRequest> parse_table_rows(const std::string& text) {
    std::vector<MethodRequest> rows;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        add_rows(rows, text.substr(begin, end - begin));
        begin = end + 1;
    }
    return rows;
}

}  // namespace lockstep::study
