#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/float_buffer.hpp"
#include "comm/communicator.hpp"
#include "comm/traffic.hpp"
#include "exchange/journal.hpp"
#include "exchange/local_training.hpp"
#include "exchange/method.hpp"

namespace lockstep {

/// What train() looks at besides what costs nothing: ranges of options, numbers of ranks and blocks always
/// are.
struct Checks {
    /// Every gradient, and the parameters after every step, hold finite numbers. Local; one pass over the
    /// vector a step, which takes no simulated time.
    bool finite = true;
    /// All ranks have the same start vector, method with the same options, steps, blocks, first learning
    /// rate, optimiser and seed. It is looked at where any rank asks for it. Costs a broadcast of some bytes
    /// and a maximum over all ranks for each of these, before the clock starts.
    bool collective = false;
};

struct TrainOptions {
    std::uint64_t seed = 1;                ///< of what methods and codes draw
    exchange::Journal* journal = nullptr;  ///< hears of this rank's part; null: nobody does
    Checks checks = {};
};

/// How one rank spent the timed part, in seconds of its clock.
struct RankTimes {
    double elapsed_s = 0;   ///< until its last update
    double compute_s = 0;   ///< in backend::compute
    double wait_s = 0;      ///< blocked for a partner that had not begun, or did other things
    double transfer_s = 0;  ///< blocked while a message was on its way

    double communication_s() const { return wait_s + transfer_s; }
    double other_s() const { return elapsed_s - compute_s - communication_s(); }
};

/// What training leaves: the same on every rank.
struct Trained {
    std::string method;  ///< its name
    std::size_t workers = 0;
    std::uint64_t steps = 0;  ///< of all workers together
    /// v after the last step, as the method holds it: of all workers, of one, or the mean of the workers'
    /// own. Empty where no arithmetic is done (--numerics none).
    base::FloatBuffer parameters;
    /// Sent by all ranks; nothing where the MPI library's own sums were used, which tell nobody.
    std::optional<comm::Traffic> traffic;
    std::optional<comm::Traffic> predicted;  ///< the same by Method::traffic
    std::uint64_t updates = 0;               ///< contributions that entered v
    double mean_staleness = 0;               ///< of an update: changes of v since what it started from
    double elapsed_s = 0;                    ///< of the rank that was done last
    std::vector<RankTimes> ranks;            ///< by rank

    /// 128 bits of `parameters`, as 32 hexadecimal digits; empty where these are.
    std::string digest() const;
};

/// Trains from `start` by `method`: every rank's part. Collective over all ranks of `communicator`; in the
/// simulated world it must be one of all simulated ranks.
///
/// Ranks 0 .. workers-1 are workers; the method's servers, if any, are the ranks after them.
///
/// Shapes: `start` is n < 2^29 values, equal on all ranks. `training` is a worker's own; servers ask it for
/// learning rates and numbers of steps alone, but must have one.
///
/// The timed part runs from a barrier to each rank's last update. What comes before and after (agreement on
/// errors, clocks, wait states, `parameters` for all) costs messages, but they are neither counted nor
/// timed. What `communicator` has logged before is forgotten. Memory besides the method's own: n values on
/// every rank that has something of v, n more on all for the result, and 8 n bytes on rank 0 where v is a
/// mean.
///
/// Errors, each message begins with `train: `: base::InputError for what is wrong with options, numbers of
/// ranks or blocks, before any training, or where the method has not reported all of v, after it, on all
/// ranks (comm::AgreedError); base::InputError where a
/// gradient is not finite, on that rank; whatever `training` and the journal throw, and
/// base::EnvironmentError of the transport, on theirs. After an error on some ranks only the others may wait
/// for ever: end the run, as run_ranks() does.
Trained train(comm::Communicator& communicator, exchange::LocalTraining& training,
              const exchange::Method& method, std::span<const float> start, const TrainOptions& options = {});

/// For people: digest, traffic beside its closed form, staleness, and a line for each of the first 16 ranks;
/// at most 80 columns.
std::string to_text(const Trained& trained);

}  // namespace lockstep
