#pragma once

#include <cstddef>

namespace lockstep::test {

/// Observes `operator new`, which this test program replaces, from construction on.
class Allocations {
  public:
    Allocations();
    std::size_t count() const;
    std::size_t largest_B() const;
};

}  // namespace lockstep::test
