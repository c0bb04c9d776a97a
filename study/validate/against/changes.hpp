#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenario/parse.hpp"

namespace lockstep::study {

/// What is to be otherwise on the changed side of a pair: a key and its value there.
struct Change {
    const scenario::Option* option;
    std::string value;
};

/// A key with its values on both sides, as its option renders them.
struct ChangedKey {
    std::string key;
    std::string given;
    std::string changed;
};
std::vector<ChangedKey> changed_keys(std::span<const Change> changes, const scenario::Config& given,
                                     const scenario::Config& changed);

/// Reads `KEY=VALUE;KEY=VALUE`, also over several lines. A part that begins with no key goes on with a value
/// that may hold `;`: `straggler=worker=1,factor=4;worker=2,factor=2;lr=0.1` are two changes. A key that may
/// be repeated may be so here.
///
/// Errors: InputError naming `--against` for a key that there is not or that no result depends on, a value
/// that its option refuses, a key that is given twice, and where there is none.
std::vector<Change> parse_changes(const std::string& text);

/// The command line of the changed side: that of the given one with the changes, and with the folders of
/// `measured` where there are any, without keys that have no effect there and those of the comparison.
std::vector<std::string> changed_arguments(std::span<const std::string> arguments,
                                           std::span<const scenario::ExtraOption> extra,
                                           std::span<const Change> changes, const std::string& measured);

/// Errors: InputError naming `--against` and the first key whose change makes no difference to the scenario.
void require_differences(std::span<const Change> changes, const scenario::Config& given,
                         const scenario::Config& changed);

/// For pairs of runs that are made. Errors: InputError naming `--against` and the first key that we cannot
/// change in the real world, or, unless the platform is measured, in the simulated one.
void require_possible_changes(std::span<const Change> changes, const scenario::Config& changed,
                              bool is_calibrated);

}  // namespace lockstep::study
