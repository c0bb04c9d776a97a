#include "real/emulated_processor.hpp"

#include <algorithm>
#include <utility>

namespace lockstep::real {

EmulatedProcessor::EmulatedProcessor(scenario::EmulatedSpeed speed, scenario::Slowness slowness, Clock& clock)
    : speed_(speed), slowness_(std::move(slowness)), clock_(clock) {}

void EmulatedProcessor::start_clock(double passed_s) {
    start_s_ = clock_.now_s() - passed_s;
    owed_s_ = 0;
    if (passed_s == 0) emulation_ = {};
}

scenario::Slowness::Duration EmulatedProcessor::asked(double flops, double began_s,
                                                      double arithmetic_s) const {
    const double work_s = (speed_.is_share ? arithmetic_s : flops) / speed_.value;
    return slowness_.duration(began_s - start_s_, work_s);
}

double EmulatedProcessor::sleep(double now_s) {
    const double due_s = now_s + owed_s_;
    clock_.sleep_until(due_s);
    const double woken_s = clock_.now_s();
    const double oversleep_s = woken_s - due_s;
    owed_s_ = -oversleep_s;
    ++emulation_.sleeps;
    emulation_.oversleep_s += oversleep_s;
    emulation_.largest_oversleep_s = std::max(emulation_.largest_oversleep_s, oversleep_s);
    return woken_s;
}

double EmulatedProcessor::compute(double flops, base::FunctionRef<void()> arithmetic) {
    const double began_s = clock_.now_s();
    arithmetic();
    double ended_s = clock_.now_s();
    const double arithmetic_s = ended_s - began_s;
    const auto [asked_s, standing_s] = asked(flops, began_s, arithmetic_s);
    emulation_.asked_s += asked_s - standing_s;
    if (arithmetic_s > asked_s + grain_s) {
        ++emulation_.overruns;
        emulation_.overrun_s += arithmetic_s - asked_s;
    }
    owed_s_ += asked_s - arithmetic_s;
    if (owed_s_ > grain_s) ended_s = sleep(ended_s);
    // After a sleep that ended very late a pause may be made up for, and not slept at all.
    return std::max(ended_s - began_s - standing_s, arithmetic_s);
}

}  // namespace lockstep::real
