#pragma once

#include <nlohmann/json_fwd.hpp>

#include "result/result.hpp"

namespace lockstep::result {

/// What to_json() writes (result/json.hpp), as a part of a document that holds more.
nlohmann::ordered_json json_value(const Result& result);

}  // namespace lockstep::result
