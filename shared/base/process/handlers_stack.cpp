#include "base/process/handlers_stack.hpp"

namespace lockstep::base {

HandlersStack::HandlersStack() {
    constexpr std::size_t size = 65536;  // what a processor has to save of itself is 11 kB at most
    ::sigaltstack(nullptr, &before_);
    if ((before_.ss_flags & SS_DISABLE) == 0) return;
    memory_.resize(size);
    const stack_t own{memory_.data(), 0, memory_.size()};
    ::sigaltstack(&own, nullptr);
}

HandlersStack::~HandlersStack() {
    if (!memory_.empty()) ::sigaltstack(&before_, nullptr);
}

}  // namespace lockstep::base
