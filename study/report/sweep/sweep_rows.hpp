#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// Fields of the summary that a report shows of sweeps.
inline constexpr std::array<std::string_view, 10> sweep_figures{
    "elapsed_s",     "time_to_target_s", "test_accuracy",  "test_loss",      "samples_per_s",
    "compute_share", "wait_share",       "transfer_share", "mean_staleness", "energy_J"};

/// One run of a sweep, as a file has it.
struct SweepRowText {
    std::size_t point = 0;
    std::vector<std::string> values;  ///< of the keys
    std::string method;
    std::size_t workers = 0;
    std::string outcome;
    std::vector<double> figures;  ///< as sweep_figures; NaN: there is none
    std::string failure;
};

struct SweepRows {
    std::vector<std::string> keys;  ///< with those that have one value alone
    std::vector<SweepRowText> rows;
};

/// Of sweep.csv. Errors: InputError naming the file and what is missing or wrong.
SweepRows read_sweep_rows(std::string_view text, const std::string& file);

/// Of the results in DIR/runs, where what differs between configurations stands for the swept keys. A file
/// that cannot be read becomes a line of `problems`.
SweepRows read_finished_runs(const std::filesystem::path& runs, std::vector<std::string>& problems);

}  // namespace lockstep::study
