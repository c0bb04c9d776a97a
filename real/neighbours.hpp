#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <sys/types.h>

#include "comm/transport.hpp"

namespace lockstep::real {

/// Hosts that are namespaces of one machine share its kernel, and its name here.
std::string this_machine();

/// The ranks that share this one's machine, whatever hosts MPI takes them to be on, this one included.
struct Neighbours {
    std::size_t ranks = 1;
    std::size_t cores = 1;                ///< that they may use together: a rank may be bound to some of them
    std::vector<std::string> hosts = {};  ///< of all ranks, by name
    std::vector<pid_t> processes = {};    ///< of all ranks; 0 where they are not seen from here
};

/// Collective over all ranks, once, before training.
void meet_neighbours(comm::Transport& transport);

/// As found by meet_neighbours(); before it, this rank alone.
Neighbours neighbours();

}  // namespace lockstep::real
