#include "base/process/machine.hpp"

#include <array>
#include <fstream>

#include <unistd.h>

namespace lockstep::base {

std::string host_name() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string boot_id() {
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id;
}

}  // namespace lockstep::base
