#include "study/launch/progress.hpp"

#include <chrono>

#include <unistd.h>

namespace lockstep::study {

bool wants_progress(const scenario::Config& config) {
    return config.progress == scenario::Progress::always ||
           (config.progress == scenario::Progress::automatic && ::isatty(STDERR_FILENO) == 1);
}

double wall_clock_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace lockstep::study
