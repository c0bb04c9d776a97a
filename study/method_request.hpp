#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "scenario/config.hpp"

namespace lockstep::study {

/// A run that is asked for by its method and number of workers; all else is the scenario's.
struct MethodRequest {
    scenario::Method method;
    std::size_t workers = 1;

    /// `serial`, `sync-average-2`: for folders.
    std::string name() const;
    /// `serial`, `sync-average:2`: as users ask for it.
    std::string label() const;
    bool operator==(const MethodRequest&) const = default;
};

/// Reads METHOD or METHOD:WORKERS. Without a number, serial has one worker and the others `default_workers`.
/// Errors: InputError naming `option`.
MethodRequest parse_method_request(std::string_view option, const std::string& text,
                                   std::size_t default_workers);

/// The method of that name. `form` is what `option` allows with METHOD for a method, `given` its whole value.
/// Errors: InputError.
scenario::Method parse_method(std::string_view option, const std::string& text, const std::string& given,
                              std::string_view form);

/// The scenario with that method and its workers. Where these are fewer than `most_workers`, which the
/// scenario is about, they are its first ones: --speeds, --latencies and --bandwidths end earlier, and what
/// happens to the others is left out.
scenario::Config config_for(const scenario::Config& scenario, MethodRequest request,
                            std::size_t most_workers);

}  // namespace lockstep::study
