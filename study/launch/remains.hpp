#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include <sys/types.h>

#include "scenario/config.hpp"

namespace lockstep::study {

/// Tells a file from one that takes its place: its number, and when it was written. Zeros where there is
/// none.
using FileVersion = std::pair<ino_t, std::int64_t>;

/// What a run leaves that fails.
class Remains {
  public:
    /// Before the run: what is there already is none of its own.
    explicit Remains(const scenario::Config& config);

    /// `what it had come to is in run/result.json` where it has left that, or how to go on from a checkpoint;
    /// else empty.
    std::string told() const;
    /// The same behind a failure, in one line.
    std::string told_after(std::string failure) const;

  private:
    std::filesystem::path result_;  ///< empty: the run writes none
    std::string checkpoint_;        ///< a folder, or empty
    FileVersion before_;            ///< of the result
};

}  // namespace lockstep::study
