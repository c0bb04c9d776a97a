#pragma once

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lockstep::bench {

struct Measured {
    double wall_s = 0;
    double cpu_s = 0;
    double peak_bytes = 0;
};

inline double wall_clock_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Runs `work` in a process of its own (SimGrid allows one simulation a process) and measures it from
/// outside.
inline Measured in_child(const std::function<void()>& work) {
    const double began_s = wall_clock_s();
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        ::_exit(0);
    }
    int status = 0;
    rusage use{};
    ::wait4(child, &status, 0, &use);
    if (child < 0 || status != 0) {
        std::fputs("the measured process failed\n", stderr);
        std::exit(3);
    }
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return {wall_clock_s() - began_s, seconds(use.ru_utime) + seconds(use.ru_stime),
            1024.0 * static_cast<double>(use.ru_maxrss)};
}

}  // namespace lockstep::bench
