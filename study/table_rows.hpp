#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/method.hpp"

namespace lockstep::study {

/// A row of `lockstep table` that is asked for.
struct RowRequest {
    scenario::Method method;
    std::size_t workers;

    /// `serial`, `sync-average-2`: unique in a table, and the row's folder in --out.
    std::string name() const;
    bool operator==(const RowRequest&) const = default;
};

/// Reads METHOD[:N[-M]],...: `serial,in-turn:2-4` is serial with one worker, then in-turn with 2, 3 and 4.
/// Errors: InputError naming --table-rows for anything else, and for a row given twice.
std::vector<RowRequest> parse_table_rows(const std::string& text);

}  // namespace lockstep::study
