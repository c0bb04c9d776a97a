#include "tests/fuzz/readers.hpp"

#include <array>

namespace lockstep::fuzz {

std::span<const Reader> readers() {
    static constexpr std::array all{
        Reader{"allocation", read_allocation},
        Reader{"calibration", read_calibration_file},
        Reader{"checkpoint", read_checkpoint_file},
        Reader{"command_line", read_command_line},
        Reader{"data_cache", read_data_cache},
        Reader{"estimate", read_estimate},
        Reader{"events", read_event_files},
        Reader{"hostfile", read_hostfile},
        Reader{"idx", read_idx_file},
        Reader{"launcher_errors", read_launcher_errors},
        Reader{"launcher_words", read_launcher_words},
        Reader{"measured_runs", read_measured_runs},
        Reader{"option_value", read_option_value},
        Reader{"order", read_order_file},
        Reader{"platform", read_platform_file},
        Reader{"profile", read_profile},
        Reader{"result", read_result_file},
        Reader{"scenario", read_scenario_file},
        Reader{"sweep_axes", read_sweep_axes},
        Reader{"sweep_table", read_sweep_table},
        Reader{"validation", read_validation},
    };
    return all;
}

}  // namespace lockstep::fuzz
