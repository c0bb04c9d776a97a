// lockstep: the front end. It trains nothing itself; it starts lockstep-sim and lockstep-real.
#include <csignal>
#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "base/error.hpp"
#include "study/command.hpp"
#include "study/launch/child_process.hpp"

int main(int count, char** arguments) {
    using namespace lockstep;
    try {
        return study::run_command_line({arguments + 1, arguments + count});
    } catch (const study::Interrupted& interruption) {
        std::signal(interruption.signal(), SIG_DFL);
        std::raise(interruption.signal());
    } catch (const base::Error& error) {
        fmt::print(stderr, "lockstep: {}\n", error.what());
        return static_cast<int>(error.status());
    } catch (const std::exception& error) {
        fmt::print(stderr, "lockstep: {}\n", error.what());
    }
    return static_cast<int>(base::ExitStatus::environment);
}
