#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep::sim {

/// What an XML platform file says about itself, without SimGrid.
struct PlatformDocument {
    std::string root;            ///< name of its outermost element: `platform`, where it is one
    std::string version;         ///< of the format; empty where it is missing
    bool has_profiles = false;   ///< in files or in itself
    bool places_actors = false;  ///< has <actor> or <process>, as a deployment file does
    std::vector<std::pair<std::string, std::string>>
        settings;  ///< key and value of each <prop> of its <config>

    /// Speeds, bandwidths, latencies or states over time, in a file of its own.
    struct ProfileFile {
        std::string path;
        bool is_of_latency;
    };
    std::vector<ProfileFile> profiles;

    /// The same in the file itself.
    struct Trace {
        std::string id;
        std::string lines;
        std::string periodicity;  ///< as its attribute says; empty: none
    };
    std::vector<Trace> traces;
    std::set<std::string> traces_of_latency;  ///< by id

    /// What of its elements is sure to be refused, in words that name the element: SimGrid's do not.
    std::vector<std::string> mistakes;
};

/// Nothing where the file cannot be read or is no well-formed XML. Precondition: nesting_depth() of its text
/// is one that recursion survives.
std::optional<PlatformDocument> read_platform_document(const std::string& path);

/// How deep the elements of an XML text are in each other.
std::size_t nesting_depth(std::string_view xml);

}  // namespace lockstep::sim
