#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/process/folder_lock.hpp"
#include "base/process/stop_signals.hpp"
#include "result/checkpoint.hpp"
#include "result/result.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// The checkpoints of one run in its folder, which is locked meanwhile: the last of them, from which the run
/// goes on, and those that it makes. One a run, in the process that writes for all ranks.
class Checkpoints {
  public:
    /// Of a run of `program` in `world` ("simulated" or "real"); `wall_clock_s` tells seconds since any fixed
    /// moment.
    /// Errors: those of base::FolderLock and result::newest_checkpoint(); InputError where the last
    /// checkpoint there is of another run, naming the first key in which that differs. Tells on stderr where
    /// the run goes on.
    Checkpoints(const scenario::Config& config, const Problem& problem, std::string_view program,
                std::string_view world, std::function<double()> wall_clock_s);

    /// What the run goes on from, until it is forgotten; null where it begins.
    result::Checkpoint* last() { return last_ ? &*last_ : nullptr; }
    void forget_last() { last_.reset(); }

    /// From now on signals that ask for the end of the program are taken as base::StopSignals says.
    void watch_signals() {
        if (!signals_) signals_.emplace();
    }
    bool is_stop_asked() { return signals_->asked(); }
    double now_s() const { return wall_clock_s_(); }
    /// Whether it is time for the next one where nobody has said how often they are to be made: half a minute
    /// after the last, and where it would cost at most a hundredth of the time.
    bool is_worth_its_time() const;
    /// What is to be written is put together from now on, which is part of what a checkpoint costs.
    void begin() { began_s_ = wall_clock_s_(); }
    /// `ranks` holds a packed RankState of each rank. Where the disk refuses, a run that goes on does so,
    /// with a warning. Errors: where it does not, EnvironmentError naming the file.
    void make(std::vector<std::vector<std::byte>> ranks, std::vector<std::byte> together, bool goes_on);

    /// The run has ended, and its result has been delivered: where it was interrupted, tells on stderr how
    /// far it is and what to do; where it has come to its end, removes the checkpoints.
    void close(const result::Result& result) const;

  private:
    void write(std::vector<std::vector<std::byte>> ranks, std::vector<std::byte> together);
    void say(std::string_view line) const;
    std::string position(double epochs) const;

    const scenario::Config& config_;
    const Problem& problem_;
    std::string program_;
    std::string world_;
    std::function<double()> wall_clock_s_;
    std::filesystem::path folder_;
    std::optional<base::FolderLock> lock_;
    std::vector<std::pair<std::string, std::string>> facts_;
    std::optional<base::StopSignals> signals_;
    std::optional<result::Checkpoint> last_;
    std::uint64_t number_ = 0;  ///< of the last one made or found
    double epochs_ = 0;         ///< passed when it was
    double began_s_ = 0;  ///< by the wall clock, and when it was complete, and how long the next may take
    double made_s_ = 0;
    double cost_s_ = 0;
};

}  // namespace lockstep::run
