#pragma once

#include <span>
#include <string>

#include "calibration/findings.hpp"
#include "calibration/progress.hpp"
#include "comm/communicator.hpp"
#include "run/problem.hpp"
#include "scenario/parse.hpp"

namespace lockstep::calibration {

/// The word that asks the programs of both worlds to calibrate, in front of their other arguments.
inline constexpr std::string_view command_word = "calibrate";

/// Options of their own that the programs take then.
std::vector<scenario::ExtraOption> options();

/// What is measured: a network alone serves all runs up to the largest messages that were timed, steps are
/// those of one model, batch and compression.
enum class Part { all, network, steps };

/// What a calibration leaves, and where.
struct Request {
    std::string name;
    std::string folder;
    std::size_t largest_bytes = 0;
    double budget_s = 0;
    Part part = Part::all;
};

/// Errors: InputError for a name that is no file name, a folder that cannot be written to, a model that is
/// not trained, a network of one rank.
Request read_request(const scenario::Invocation& invocation);

/// What calibrate() measures, within the budget whatever network and processors are like, but for a message
/// and three steps that take longer than was foreseen. Collective; complete on rank 0. `progress`, rank 0's,
/// may be null.
Measurements measure(comm::Communicator& communicator, const scenario::Config& config,
                     const run::Problem& problem, const Request& request, Progress* progress = nullptr);

/// The MPI program: measures, and on rank 0 writes FOLDER/NAME.json and, where all was measured,
/// FOLDER/NAME.xml, both or none, and prints what was found. Collective over scenario::rank_count(config)
/// ranks. Errors: base::Error, the same on all ranks (comm::AgreedError) where files cannot be written.
void calibrate(comm::Communicator& communicator, const scenario::Config& config, const run::Problem& problem,
               const Request& request, Progress* progress = nullptr);

}  // namespace lockstep::calibration
