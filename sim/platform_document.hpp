#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lockstep::sim {

/// What an XML platform file says about itself, without SimGrid.
struct PlatformDocument {
    std::string root;                   ///< name of its outermost element: `platform`, where it is one
    std::string version;                ///< of the format; empty where it is missing
    std::vector<std::string> profiles;  ///< files of speeds, bandwidths, latencies and states over time
    bool has_profiles = false;          ///< in files or in itself
    bool places_actors = false;         ///< has <actor> or <process>, as a deployment file does
    std::vector<std::pair<std::string, std::string>>
        settings;  ///< key and value of each <prop> of its <config>
};

/// Nothing where the file cannot be read or is no well-formed XML.
std::optional<PlatformDocument> read_platform_document(const std::string& path);

}  // namespace lockstep::sim
