#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/manual/request.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {

/// What `lockstep report` is asked for.
struct ReportRequest {
    std::vector<std::filesystem::path> folders;
    std::filesystem::path out;  ///< the HTML file; empty, with `diff` only: text on stdout
    std::string title;
    Parts parts = Parts::all_or_nothing;
    bool diff = false;             ///< of two folders: what is simulated and what was measured
    double tolerance_percent = 1;  ///< of the second run's time, from which on rounds begin elsewhere
};

/// Errors: InputError where there is no folder, or with --diff any number of them but two, and for a file or
/// a tolerance that cannot be.
ReportRequest report_request(const Request& words);

}  // namespace lockstep::study
