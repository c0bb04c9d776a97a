#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::result {

/// The word that asks the programs of both worlds for an estimate, in front of their other arguments.
inline constexpr std::string_view estimate_word = "estimate";

/// What a run will take, as far as that is known before it (docs/formats/estimate.md).
struct Estimate {
    std::uint64_t steps = 0;                ///< of all workers
    double flops = 0;                       ///< of these steps
    std::optional<std::uint64_t> messages;  ///< by closed form, of all ranks; unset where there is none
    std::optional<std::uint64_t> bytes;
    double memory_bytes = 0;   ///< of all ranks, as Summary has it
    double process_bytes = 0;  ///< of the simulation on this machine: its peak resident set
    double wall_s = 0;         ///< on this machine, from the start to the result
};

std::string to_json(const Estimate& estimate);
/// `source` says in errors where the text is from: `its output`. Errors: InputError.
Estimate estimate_from_json(std::string_view text, std::string_view source);

}  // namespace lockstep::result
