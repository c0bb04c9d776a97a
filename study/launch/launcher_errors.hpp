#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// What a child wrote to stderr, as it comes: lines of our programs, and around them what mpirun says, in
/// blocks between two rules of dashes or in lines of its own.
class LauncherErrors {
  public:
    /// Takes the next piece. Returns what may be shown at once: all but mpirun's blocks and what it says of
    /// blocks that it left out. A line of progress, which nothing ends, goes through as it comes.
    std::string add(std::string_view piece);

    /// The child has ended. Returns what was left.
    std::string finish();

    /// The first line that one of our programs said about itself, warnings aside, without its name; or empty.
    std::string own_complaint() const;

    /// Why mpirun, or any other program, gave up, as one line; or empty where nothing says so. Of a block its
    /// first paragraph, and the next where that has the particulars; of lines the first that says something.
    std::string reason() const;

  private:
    std::string take(const std::string& unit);

    std::string pending_;         ///< the beginning of a line
    bool is_after_wipe_ = false;  ///< of a line on a terminal: what follows is progress
    std::string begun_;           ///< what has been shown of the line that goes on
    bool is_in_block_ = false;
    std::vector<std::vector<std::string>> blocks_;
    std::vector<std::string> lines_;
    std::size_t lines_before_blocks_ = 0;
};

}  // namespace lockstep::study
