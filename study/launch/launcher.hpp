#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/parse.hpp"
#include "scenario/world.hpp"
#include "study/launch/allocation.hpp"
#include "study/launch/child_process.hpp"
#include "study/launch/rank_launcher.hpp"
#include "study/launch/serving_process.hpp"

namespace lockstep::study {

using scenario::World;

/// The values of --launcher and --launcher-args.
struct LauncherChoice {
    std::string launcher = "mpirun";
    std::string args;
    std::string file_of_args = {};  ///< that says them; empty: the command line does
};
/// Errors: those of require_launcher_of_file() and require_plain_args_of_file().
LauncherChoice launcher_choice(const scenario::Invocation& invocation);

/// Command lines of what is to be run in the real world: `arguments`, with as many --workers as a batch
/// system lets this job start where the user has given none and the method takes several, or `any_method`
/// says that it will be chosen for them. Errors: those of find_allocation().
std::vector<std::string> with_workers_of_job(const scenario::Invocation& invocation,
                                             std::span<const std::string> arguments, bool any_method = false);

/// Makes command lines of one world's program. All that can be missing is found when it is made, but for a
/// launcher of several ranks. Simulated runs made by one launcher share a serving process, which is there as
/// long as it is.
class Launcher {
  public:
    /// The simulated world has no use for a choice.
    /// Errors: InputError where the world was not built, this is one of several copies, the launcher is not
    /// on PATH, a quote is not closed, or the user's words set the number of ranks; and those of
    /// find_allocation().
    explicit Launcher(World world, const LauncherChoice& choice = {});

    /// `arguments` are those of the program. Real: with `ranks` ranks, as launcher_words() says, and its
    /// errors and those of require_room().
    ChildCommand command(std::size_t ranks, std::span<const std::string> arguments) const;

    World world() const { return world_; }
    /// Whether so many ranks are more than this machine has cores, and neither a batch system nor
    /// --launcher-args says where else they are to be.
    bool oversubscribes(std::size_t ranks) const;
    /// Errors: InputError where a batch system lets this job start fewer ranks, or this machine alone would
    /// have dozens for each core. --launcher-args that name hosts or oversubscribe have the last word.
    void require_room(std::size_t ranks) const;

  private:
    World world_;
    std::string program_;
    RankLauncher ranks_;
    std::vector<std::string> users_words_;
    std::optional<Allocation> allocation_;  ///< where it decides on which hosts ranks are started
    std::unique_ptr<ServingProcess> server_;
};

/// Whether a child of the real world has reported a result, a calibration or an estimate, wherever it stands
/// among what mpirun says: an mpirun that starts nothing can end with 0 all the same.
bool has_report(std::string_view output);

/// Whether the child of the real world ended without a word of our program, so that the next one will as
/// well: the launcher is to blame, not the run.
bool is_launcher_dead(const ChildEnd& end);

/// The message of a child that failed, one line: what our program said about itself without its name
/// (warnings aside), or how the child ended, with the reason that it gave (LauncherErrors). That of mpirun
/// ends in the command that shows all that it says.
std::string failure_of(const ChildCommand& command, const ChildEnd& end);

}  // namespace lockstep::study
