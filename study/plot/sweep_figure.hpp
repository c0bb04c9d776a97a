#pragma once

#include <filesystem>
#include <string>

#include "study/plot/script.hpp"

namespace lockstep::study {

/// A figure of a sweep's summary.csv, `asked` by its name with or without `_mean`, with the half width of its
/// confidence interval as error bars, against the first swept key whose values are numbers, in the order of
/// these; a line for each combination of the other keys' values. Errors: InputError where the folder holds no
/// sweep, or its table no such column.
void draw_sweep(GnuplotScript& script, const std::filesystem::path& folder, const std::string& asked);

}  // namespace lockstep::study
