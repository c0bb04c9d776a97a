#pragma once

#include <string>

#include "calibration/findings.hpp"

namespace lockstep::calibration {

/// Who measured, where, when and with what.
struct Origin {
    std::string name;
    std::string world;
    std::string backend;
    std::string measured_utc;
    double duration_s = 0;
};

/// The whole of a calibration file, sealed (docs/formats/calibration.md).
std::string to_json(const Findings& found, const Measurements& measured, const scenario::Config& config,
                    const Origin& origin);

/// Precondition: steps and network were measured, or there was one rank.
///
/// A platform file for SimGrid and for --platform: a host for each rank and a star of links, or, where hosts
/// had several ranks, those hosts. It holds speeds, latency and bandwidth; what depends on the size of a
/// message is in the JSON file alone.
std::string to_xml(const Findings& found, const Measurements& measured, const Origin& origin);

/// What was found, for people.
std::string to_text(const Findings& found, const Origin& origin);

}  // namespace lockstep::calibration
