#pragma once

#include <string>

#include "result/result.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {

/// The option's value as it counts where runs of two machines are compared: `mnist:DIR` may be in another
/// folder there.
std::string comparable_text(const scenario::Option& option, const scenario::Config& config);

/// A description of data from files but for their folder: `MNIST: 60000 + 10000 images`, from which numbers
/// of images and classes are seen to be the same. Empty where they come from no files.
std::string without_place(const std::string& data_description);

}  // namespace lockstep::study
