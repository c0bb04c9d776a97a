#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace lockstep::option {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string
/// alignment). Cost: |a| |b|.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that was meant: the first that begins with `given` (of 3 characters or more), else the first
/// of those nearest by edit distance. Empty where the nearest takes more edits than a third of `given`, and
/// more than one, or `given` is longer than anything is meant to be. Cost: |given|^2 a candidate at most.
std::string_view nearest(std::string_view given, std::span<const std::string_view> candidates);

}  // namespace lockstep::option
