#include "calibration/busy_work.hpp"

#include "backend/backend.hpp"

namespace lockstep::calibration {

void compute(std::size_t units) {
    constexpr int work = 1000;
    backend::compute(static_cast<double>(units * work), [&] {
        if (backend::time_is_simulated()) return;  // nothing depends on the result
        volatile float value = 1;
        for (std::size_t i = 0; i < units * work; ++i) value = value * 0.5F;
    });
}

double time_of_unit(const comm::Communicator& communicator) {
    constexpr std::size_t units = 200;
    const double began_s = communicator.now_s();
    compute(units);
    return (communicator.now_s() - began_s) / units;
}

}  // namespace lockstep::calibration
