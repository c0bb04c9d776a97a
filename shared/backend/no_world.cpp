// The seam without a world: a rank that is alone, in no time. Arithmetic is executed at once, and there is
// nobody to send to.
#include "backend/backend.hpp"

namespace lockstep::backend {

Description describe() {
    return {"no world", "", "", ""};
}

bool time_is_simulated() {
    return false;
}

bool arithmetic_is_real() {
    return true;
}

void compute(Cost /*cost*/, base::FunctionRef<void()> arithmetic) {
    arithmetic();
}

void compute(Cost /*cost*/, base::FunctionRef<void()> arithmetic, base::FunctionRef<void()> /*meanwhile*/) {
    arithmetic();
}

void observe_computing(ComputeObserver* /*observer*/) {}

base::FloatBuffer make_buffer(std::size_t size) {
    return base::FloatBuffer(size);
}

double handle_message(std::size_t /*received_bytes*/) {
    return 0;
}

void start_clock(const Passed& /*passed*/) {}

void stop_clock() {}

std::optional<Energy> energy_used() {
    return std::nullopt;
}

ResourceUse resource_use() {
    return {};
}

}  // namespace lockstep::backend
