#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/options/options.hpp"

namespace lockstep::study {

/// What a sweep varies: one key, or several that change together.
struct SweepAxis {
    std::vector<const scenario::Option*> options;
    std::vector<std::vector<std::string>>
        alternatives;  ///< each with a value for every option, in the unit in which it was given

    bool varies(std::string_view key) const;
};

/// Reads `KEY=VALUES`. Alternatives have commas between them, or `|`, which keys whose own values hold commas
/// need: `latency=10us,1ms`, `hidden=64|64,32`. A part of VALUES may be a range: see sweep_range.hpp.
/// `KEY+KEY=VALUE+VALUE|VALUE+VALUE` varies several keys together.
///
/// Errors: InputError naming `--sweep` for a key that there is not or that no result depends on, a value that
/// its option refuses, one that is given twice, and a number of values that is not that of the keys.
SweepAxis parse_sweep_axis(const std::string& text);

/// One axis a line. Errors: also a key that is on two axes.
std::vector<SweepAxis> parse_sweep_axes(const std::string& lines);

}  // namespace lockstep::study
