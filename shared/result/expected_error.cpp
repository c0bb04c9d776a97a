#include "result/expected_error.hpp"

#include <fmt/format.h>

#include "base/units.hpp"

namespace lockstep::result {

std::string bound_of(const ExpectedError& error) {
    return error.cases == 0 ? "unknown" : base::format_number(error.nine_in_ten_percent) + " %";
}

std::string basis_of(const ExpectedError& error) {
    if (error.cases == 0) return error.why_unknown;
    return fmt::format("or less in 9 of 10 of {} validated cases: {}", error.cases, error.like);
}

}  // namespace lockstep::result
