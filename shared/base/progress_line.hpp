#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep::base {

/// How far work has come, in units of which each takes about as long.
struct WorkDone {
    double done = 0;  ///< since the clock was started
    double left = 0;
    double elapsed_s = 0;
};

/// `3.2 runs/s`, or a minute, or an hour where that is below 1. Empty while nothing is known.
std::string format_rate(const WorkDone& work, std::string_view nouns);

/// `12 s`, `17 min`, `2.8 h`, rounded up.
std::string format_duration(double seconds);
/// `12 s left`, `17 min left`, `2.8 h left`, rounded up. Empty while nothing is known, and in the end.
std::string format_time_left(const WorkDone& work);
std::string format_time_left(double seconds);

/// The parts that are not empty with commas between. Where they take more than `columns`, parts are left out,
/// the last but one first, so that the first and the last stay longest; then the text is cut.
std::string fitted(std::vector<std::string> parts, std::size_t columns);

/// Where this variable is set, progress_end follows all that a ProgressLine writes: Open MPI 5's mpirun keeps
/// what has no end of line, and adds it to whichever stream has one next. A front end that sets it takes the
/// ends out again.
inline constexpr const char* progress_end_variable = "LOCKSTEP_PROGRESS_END";
inline constexpr std::string_view progress_end = "\x1f\n";

/// One line on stderr that tells of long work: each text takes the place of the one before, and in the end
/// nothing stays. As wide as the terminal at most.
class ProgressLine {
  public:
    /// Silent.
    ProgressLine() = default;
    /// `now_s` tells seconds since any fixed moment. The clock of elapsed_s() starts here.
    explicit ProgressLine(std::function<double()> now_s) : now_s_(std::move(now_s)), began_s_(now_s_()) {}
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine() { clear(); }

    bool is_shown() const { return static_cast<bool>(now_s_); }
    double elapsed_s() const { return now_s_() - began_s_; }
    /// Whether the last text has stood for so long, or there is none; false where silent.
    bool is_due(double interval_s) const;
    void show(std::vector<std::string> parts);
    /// As soon as a second of work has told how long all of it takes: says so, once, in a line that stays,
    /// where that is over a minute.
    void forewarn(const WorkDone& work);
    void clear();

  private:
    std::function<double()> now_s_;
    double began_s_ = 0;
    double shown_s_ = 0;
    bool stands_ = false;
    bool is_forewarned_ = false;
};

}  // namespace lockstep::base
