// lockstep: the front end. It trains nothing itself; it starts lockstep-sim and lockstep-real.
#include <csignal>

#include "base/process/program.hpp"
#include "study/command.hpp"
#include "study/launch/child_process.hpp"

int main(int count, char** arguments) {
    using namespace lockstep;
    return base::run_program("lockstep", [&] {
        try {
            return study::run_command_line({arguments + 1, arguments + count});
        } catch (const study::Interrupted& interruption) {
            std::signal(interruption.signal(), SIG_DFL);
            std::raise(interruption.signal());
            throw;
        }
    });
}
