#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "tests/support/findings.hpp"

/// What comm and exchange promise, written once and run in both worlds.
namespace lockstep::contract {

using comm::Communicator;
using support::Findings;

/// One promise. Collective over all ranks; each notes what it finds wrong.
struct Case {
    std::string name;
    void (*check)(Communicator& communicator, Findings& findings);
    std::size_t fewest_ranks = 1;
};

std::vector<Case> transport_cases();
std::vector<Case> point_to_point_cases();
std::vector<Case> control_cases();
std::vector<Case> clock_cases();
std::vector<Case> collective_cases();
std::vector<Case> serial_cases();
std::vector<Case> averaging_cases();
std::vector<Case> rotation_cases();
std::vector<Case> arrival_cases();
std::vector<Case> local_step_cases();
std::vector<Case> slowmo_cases();
std::vector<Case> bucket_cases();
std::vector<Case> gossip_cases();
std::vector<Case> ad_psgd_cases();
std::vector<Case> compression_cases();
std::vector<Case> server_family_cases();
std::vector<Case> several_server_cases();
std::vector<Case> gradient_server_cases();
std::vector<Case> backup_cases();
std::vector<Case> elastic_cases();
std::vector<Case> replay_cases();
std::vector<Case> traffic_cases();
std::vector<Case> leg_cases();

/// All of them.
std::vector<Case> all_cases();

/// Advances this rank's clock by calculation, not by sleep; in the simulated world on a host of 5 Gf.
void spend_time(const Communicator& communicator, double duration_s);

/// Equal bit for bit, where == would take -0 for 0 and NaN for nothing.
bool same_bits(const std::vector<float>& a, const std::vector<float>& b);

/// For messages: the values, so short that a person can read them.
std::string show(const std::vector<float>& values);

}  // namespace lockstep::contract
