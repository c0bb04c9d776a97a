#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "scenario/parse.hpp"

namespace lockstep::study {

/// The value of a key that takes `DIR[,DIR...]`; none where the key is not given. A part with `*`, `?` or `[`
/// stands for the folders that a shell would put in its place, in their order, as numbers within names count.
/// Errors: InputError where the key is given without a folder, a folder twice, or a pattern that no folder
/// fits.
std::vector<std::filesystem::path> folder_list(const scenario::Invocation& invocation, std::string_view key);

}  // namespace lockstep::study
