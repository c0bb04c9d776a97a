// A program that describes its platform itself, instead of taking it from the command line.
#include <csignal>
#include <cstdio>
#include <exception>
#include <vector>

#include <lockstep/lockstep.hpp>
#include <lockstep/simulate.hpp>

extern "C" void on_abort(int /*signal*/) {}

int main() {
    std::signal(SIGABRT, on_abort);
    lockstep::scenario::Platform platform;
    platform.speeds_flops = {1e9, 2e9};
    platform.latency_s = 1e-3;
    double finished_s = 0;
    try {
        lockstep::simulate(platform, 2, [&](lockstep::Communicator& communicator) {
            lockstep::compute(1e9, [] {});  // rank 0 needs a second, rank 1 half of one
            std::vector<float> vector(1);
            if (communicator.rank() == 0) communicator.send(vector, 1);
            if (communicator.rank() == 1) communicator.receive(vector, 0);
            finished_s = communicator.now_s();
        });
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    std::printf("%.3f s\n%s\n", finished_s,
                std::signal(SIGABRT, SIG_DFL) == on_abort ? "handler kept" : "handler lost");
    try {
        lockstep::simulate(platform, 2, [](lockstep::Communicator&) {});
    } catch (const lockstep::InputError& error) {
        std::printf("%s\n", error.what());
    }
}
