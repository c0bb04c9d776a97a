#include "tests/contract/contract.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>

#include "backend/backend.hpp"

namespace lockstep::contract {

std::vector<Case> all_cases() {
    std::vector<Case> all;
    for (auto* list : {transport_cases,      point_to_point_cases,
                       control_cases,        clock_cases,
                       collective_cases,     serial_cases,
                       averaging_cases,      rotation_cases,
                       arrival_cases,        local_step_cases,
                       bucket_cases,         server_family_cases,
                       several_server_cases, gradient_server_cases,
                       backup_cases,         elastic_cases,
                       gossip_cases,         ad_psgd_cases,
                       compression_cases,    replay_cases,
                       slowmo_cases,         leg_cases,
                       traffic_cases})
        std::ranges::move(list(), std::back_inserter(all));
    return all;
}

void spend_time(const Communicator& communicator, double duration_s) {
    const double until_s = communicator.now_s() + duration_s;
    backend::compute(5e9 * duration_s, [&] {
        while (!backend::time_is_simulated() && communicator.now_s() < until_s) {
        }
    });
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return std::ranges::equal(
        a, b, {}, [](float x) { return std::bit_cast<std::uint32_t>(x); },
        [](float x) { return std::bit_cast<std::uint32_t>(x); });
}

std::string show(const std::vector<float>& values) {
    constexpr std::size_t shown = 6;
    std::string text = fmt::format("[{} values:", values.size());
    for (std::size_t i = 0; i < std::min(shown, values.size()); ++i)
        text += fmt::format(" {:.9g}", values[i]);
    return text + (values.size() > shown ? " ...]" : "]");
}

}  // namespace lockstep::contract
