#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::sim {

/// By what a run and validated cases are held to be alike, in the words of docs/data/error-classes.csv.
struct Conditions {
    std::string kind;        ///< `fixed order`, `by timing`, `library collective`
    std::string processors;  ///< `emulated`, `cores`
    std::string link;        ///< `network`, `unlimited`, `one machine`, `none`

    bool operator==(const Conditions&) const = default;
};

/// Validated cases that are alike by what their scenarios and calibrations tell, and how far their simulated
/// times were off: a row of that file, which bench/validation/error_classes.py makes.
struct ErrorClass {
    Conditions conditions;
    double from_bps = 0;  ///< of the links of a network, else 0
    double until_bps = 0;
    std::size_t least_workers = 0;
    std::size_t most_workers = 0;
    double least_bytes = 0;  ///< of the model
    double most_bytes = 0;
    std::vector<std::string> methods;  ///< `sync-average`, `allreduce with fp16`
    std::size_t cases = 0;
    double median_percent = 0;  ///< of their absolute errors
    double nine_in_ten_percent = 0;
    double worst_percent = 0;
};

/// The file as it was when the program was built.
std::string_view error_classes_csv();

/// The rows of such a file; those of one network by ascending rates. Throws std::invalid_argument or
/// std::out_of_range where it has other columns or no number where one belongs.
std::vector<ErrorClass> read_error_classes(std::string_view csv);

}  // namespace lockstep::sim
