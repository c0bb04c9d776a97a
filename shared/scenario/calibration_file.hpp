#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/config.hpp"

namespace lockstep::scenario {

/// What the key `format` of such a file says.
inline constexpr std::string_view calibration_format = "lockstep calibration 1";

/// Keys of options and their values, as users write them.
using KeyValues = std::vector<std::pair<std::string, std::string>>;

/// How well the value of a setting is known: between these, as users write them.
struct SettingRange {
    std::string key;
    std::string lower;
    std::string upper;
};

/// Of the messages by which a calibration knows its network.
struct TimedMessages {
    double largest_bytes = 0;        ///< 0: none were timed
    std::vector<double> run_bytes;   ///< sizes for which its link is; none: it is for all, up to the largest
    std::vector<std::string> kinds;  ///< `local`, of ranks on one host, `remote`, or both
};

/// What a run takes from the file that `lockstep calibrate` writes (docs/formats/calibration.md).
struct CalibrationFile {
    std::string name;
    std::string host;           ///< of rank 0
    std::string measured_utc;   ///< ISO 8601
    std::string emulate_speed;  ///< of the processors that it was measured on, or `none`
    KeyValues model;     ///< what was trained: only such runs may use the rest; none: of a network, for all
    KeyValues settings;  ///< of the simulated processors and network
    std::vector<std::string> warnings;
    std::vector<double> worker_speeds_flops;  ///< where they differ, else empty
    std::vector<SettingRange> intervals;      ///< of settings that are numbers; empty in older files
    std::string compression;  ///< whose code's speed it knows, or `none`; empty: it says nothing of codes
    std::string updates;      ///< what its update-speed is of, or `none`; empty: it says nothing of updates
    TimedMessages messages;
    std::string world;  ///< in which it was measured: `real`, `simulated`; empty: it was fitted to a table
};

/// Whether `--platform` names a calibration, by its ending `.json`.
bool is_calibrated(const Config& config);

/// The keys of CalibrationFile::model with their values in `config`: of a bare phantom with its size and
/// operations.
KeyValues model_of(const Config& config);

/// CalibrationFile::compression of `config`: `none` where gradients travel as they are.
std::string code_of(const Config& config);

/// Errors: InputError naming the file where it cannot be read, is no calibration, or was cut short or edited
/// since it was written.
CalibrationFile read_calibration(const std::string& path);

/// The one that `--platform` names, or those of a network and of steps, put together: the older one's date.
/// Errors: as read_calibration(); InputError where both say the same key.
CalibrationFile read_calibrations(const Config& config);

/// A calibration as text: `json` is an object without `digest`, which is added, of the rest.
/// read_calibration() insists on it.
std::string sealed_calibration(std::string_view json);

/// Errors: InputError where the calibration that `config` names is of another model or batch, or does not
/// know the code that gradients travel in here, unless `code-speed` was given another value.
void require_calibrated_model(const Config& config);

/// Keys of the platform whose value is not the calibration's, or not the default where it says nothing of
/// them, with commas between: what has been changed since.
std::string changed_since_calibration(const Config& config, const CalibrationFile& calibration);

}  // namespace lockstep::scenario
