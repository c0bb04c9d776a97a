#pragma once

#include <string>
#include <string_view>

#include "result/result.hpp"
#include "study/report/advice/advice.hpp"

namespace lockstep::study {

/// Of a run that communication limited, for that share of its workers' time; `what` says how they spent it:
/// `in transfer`. Tells bandwidth and latency apart where the network is known.
Advice network_advice(const result::Result& result, double share, std::string_view what);

/// What makes messages fewer, for a sentence: `exchange less often (...)`.
std::string fewer_exchanges(const result::Result& result);

}  // namespace lockstep::study
