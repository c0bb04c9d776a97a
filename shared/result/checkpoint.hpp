#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace lockstep::result {

/// How a run stood between two legs (exchange/leg.hpp), and all that it goes on from. Only programs of the
/// same version on machines of one architecture can take that up: what ranks have is bytes as they lay in
/// memory.
struct Checkpoint {
    std::string lockstep_version;  ///< and revision, of the program that wrote it: `0.1.0 (3a74a0a)`
    std::string world;             ///< "simulated" or "real"
    /// Of the run, as in a scenario file: key and value. Keys are different from each other.
    std::vector<std::pair<std::string, std::string>> options;
    /// What decides the run besides, such as digests of its files: what, and which.
    std::vector<std::pair<std::string, std::string>> facts;
    std::uint64_t number = 1;                   ///< of the run's checkpoints, from 1
    double elapsed_s = 0;                       ///< on the run's own clock
    double epochs = 0;                          ///< passes over the training samples so far
    std::string written_utc;                    ///< ISO 8601
    std::vector<std::vector<std::byte>> ranks;  ///< what each rank goes on from, by rank (base/packing.hpp)
    std::vector<std::byte> together;  ///< what ranks of one process have in common; empty in the real world

    bool operator==(const Checkpoint&) const = default;
};

/// A checkpoint in another version of the format.
class OtherCheckpointFormat : public base::InputError {
  public:
    using InputError::InputError;
};

/// docs/formats/checkpoint.md: a line that names the format, a line of JSON, the parts, a digest of all. In
/// texts, what is no UTF-8 is replaced. Precondition: there are ranks, times are finite and not negative.
/// Cost: memory for all parts once more.
std::string to_bytes(const Checkpoint& checkpoint);

/// The reverse; `file` stands for it in messages. Nothing is believed before the digest vouches for it, and
/// nothing is allocated before sizes are known to be right. Errors: InputError for another kind of file, one
/// that is cut off or damaged, and one whose header says what cannot be; OtherCheckpointFormat. Cost: memory
/// for all parts once more.
Checkpoint checkpoint_of(std::string_view bytes, const std::filesystem::path& file);

}  // namespace lockstep::result
