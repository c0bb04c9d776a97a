#pragma once

#include <string>

#include "base/error.hpp"
#include "tests/support/catch.hpp"

namespace lockstep::test {

/// What the InputError says that `action` throws; a test failure and an empty string where it throws none.
template <typename Action>
std::string refusal(Action&& action) {
    try {
        action();
    } catch (const base::InputError& error) {
        return error.what();
    }
    FAIL_CHECK("no InputError was thrown");
    return {};
}

}  // namespace lockstep::test
