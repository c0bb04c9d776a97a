#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "scenario/config.hpp"

namespace lockstep::study {

/// A share that the report read off a monitor as a range: 35-40 %.
struct PercentRange {
    double low;
    double high;
};

/// A row of the report's table.
struct ReportFigures {
    std::string_view method;  ///< its name
    std::string_view label;   ///< what the report calls it
    std::size_t processes;
    double loss;
    double accuracy;
    double time_s;
    PercentRange cpu;
    double memory_percent;
};

/// Source of report_figures(), and the machine that they were measured on.
inline constexpr std::string_view report_source =
    "\"Parallelized Stochastic Gradient Descent\", on an Intel i7-8700 (6 cores) at 3.20 GHz, 16 GB, Python "
    "with mpi4py";

/// The report's row for that many processes, all of which compute; nothing where it has none.
std::optional<ReportFigures> report_figures(scenario::Method method, std::size_t processes);

/// The name that the report gives a method in its table (`Serial SGD`, `Sync`, `Async`), or the method's own.
std::string_view report_label(scenario::Method method);

}  // namespace lockstep::study
