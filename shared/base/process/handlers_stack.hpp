#pragma once

#include <csignal>
#include <vector>

namespace lockstep::base {

/// While it lives, handlers of signals that come to this thread have a stack of their own, if they are
/// installed with SA_ONSTACK, as all of ours must be: oneDNN's AVX-512 kernels keep an address of a result in
/// the stack pointer (2.6.3), so that a handler without one would write into the heap. Where the thread has
/// such a stack already, that one stays.
class HandlersStack {
  public:
    HandlersStack();
    ~HandlersStack();
    HandlersStack(const HandlersStack&) = delete;
    HandlersStack& operator=(const HandlersStack&) = delete;

  private:
    stack_t before_{};
    std::vector<char> memory_;
};

}  // namespace lockstep::base
