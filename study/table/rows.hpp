#pragma once

#include <string>
#include <vector>

#include "study/method_request.hpp"

namespace lockstep::study {

/// Reads METHOD[:N[-M]],...: `serial,in-turn:2-4` is serial with one worker, then in-turn with 2, 3 and 4.
/// Errors: InputError naming --table-rows for anything else, and for a row given twice.
std::vector<MethodRequest> parse_table_rows(const std::string& text);

}  // namespace lockstep::study
