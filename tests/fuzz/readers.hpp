#pragma once

#include <span>
#include <string_view>

namespace lockstep::fuzz {

/// A reader of what comes from outside. `feed` returns whatever the input is; it throws, or a sanitizer ends
/// it, where a promise is broken (promises.hpp).
struct Reader {
    std::string_view name;  ///< also of its folder in corpus/
    void (*feed)(std::string_view input);
};

/// All there are, by name.
std::span<const Reader> readers();

void read_allocation(std::string_view input);        ///< of a batch system: its variables, its file of hosts
void read_calibration_file(std::string_view input);  ///< as it is, and sealed as if lockstep had written it
void read_checkpoint_file(std::string_view input);   ///< as it is, and with a digest that vouches for it
void read_command_line(std::string_view input);      ///< of `lockstep`: a command, and a word a line
void read_data_cache(std::string_view input);        ///< damage: a place (2 bytes), and what it is changed by
void read_estimate(std::string_view input);
void read_event_files(std::string_view input);  ///< of ranks 0, 1, ... one after another
void read_hostfile(std::string_view input);
void read_idx_file(std::string_view input);
void read_launcher_errors(std::string_view input);  ///< what mpirun wrote to stderr
void read_launcher_words(std::string_view input);   ///< a value of --launcher-args
void read_measured_runs(std::string_view input);    ///< of lockstep fit, which fits them
void read_option_value(std::string_view input);     ///< as the value of every option in turn
void read_order_file(std::string_view input);       ///< as it is, and with a last line that vouches for it
void read_platform_file(std::string_view input);
void read_profile(std::string_view input);
void read_result_file(std::string_view input);
void read_scenario_file(std::string_view input);
void read_sweep_axes(std::string_view input);   ///< values of --sweep, one a line
void read_sweep_table(std::string_view input);  ///< sweep.csv, and summary.csv
void read_validation(std::string_view input);

}  // namespace lockstep::fuzz
