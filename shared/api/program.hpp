#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "comm/communicator.hpp"

namespace lockstep {

/// An option of a program's own: `--key VALUE` on its command line.
struct Option {
    std::string key;          ///< without dashes; none of the keys of platforms, `ranks`, `help`, `version`
    std::string placeholder;  ///< for help: `FILE`
    std::string default_value;
    std::string help;
};

/// One rank of a program that run_ranks() has started.
class Rank {
  public:
    Rank(comm::Communicator& all_ranks, const std::map<std::string, std::string>& values)
        : communicator(all_ranks), values_(values) {}

    comm::Communicator& communicator;  ///< of all ranks

    /// The value of an option of the program's own, or its default. Throw std::invalid_argument where the
    /// program has declared none of that key; the last two base::InputError where the text is no such number.
    const std::string& text(std::string_view key) const;
    std::uint64_t whole(std::string_view key) const;  ///< from 0 to 2^32 - 1
    double number(std::string_view key) const;        ///< finite

  private:
    const std::map<std::string, std::string>& values_;
};

/// A program of ranks: what each of them does, and what it is told on the command line.
struct Program {
    std::string name;  ///< as it is started, for messages
    std::string summary;
    std::vector<Option> options;
    std::function<void(const Rank& rank)> main;
};

/// What main() returns. Linked with lockstep::real: the ranks are the processes that mpirun has started, each
/// of which calls main() and this. Linked with lockstep::simulated: there is one process, in which `--ranks
/// N` actors run `program.main` one at a time on the platform that options describe (`--speeds`, `--latency`,
/// `--platform` ...). `--help` and `--version` are there in both; an option that neither the program nor the
/// world has is refused.
///
/// Errors never leave it. Thrown by all ranks (comm::AgreedError) they end the run in order; thrown by one
/// rank they end all others, wherever these wait. Either way there is one line `NAME: [rank R: ]MESSAGE` on
/// stderr, and the status is 2 for base::InputError and std::invalid_argument, 3 for everything else.
///
/// Simulated: one run a process, and the ranks share its variables: what is not const belongs into `main`.
int run_ranks(int count, char** arguments, const Program& program);

}  // namespace lockstep
