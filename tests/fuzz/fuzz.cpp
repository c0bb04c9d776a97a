// For libFuzzer, which calls these: the reader that the environment names is fed with what it makes up.
// tools/fuzz runs it.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "tests/fuzz/readers.hpp"

namespace {

using lockstep::fuzz::Reader;

const Reader* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
    const char* const name = std::getenv("LOCKSTEP_FUZZ_READER");
    const auto all = lockstep::fuzz::readers();
    const auto found = std::ranges::find(all, name == nullptr ? "" : name, &Reader::name);
    if (found == all.end()) {
        fmt::print(stderr, "LOCKSTEP_FUZZ_READER names no reader of tests/fuzz/readers.cpp\n");
        std::exit(2);
    }
    chosen = &*found;
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chosen->feed({reinterpret_cast<const char*>(data), size});
    return 0;
}
