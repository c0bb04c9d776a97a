#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/float_buffer.hpp"
#include "base/function_ref.hpp"

/// THE SEAM: all that differs between the two worlds. Declared here, defined once in sim/ and once in real/,
/// chosen when a program is linked. Every function speaks of the rank that calls it. Keep it small: each new
/// function needs a written reason in docs/adr.
namespace lockstep::backend {

/// Where this rank runs.
struct Description {
    std::string name;      ///< for example "SimGrid 3.32 (SMPI)"
    std::string platform;  ///< simulated only: for example "star of 4 hosts, 5 Gf each, 50 us, 125 MB/s"
    std::string host;      ///< of this rank
    std::string machine;   ///< whose cores and memory these are; hosts that are namespaces of one share it
    std::size_t host_cores = 1;
    double host_memory_bytes = 0;
};

Description describe();

/// Whether the clock of ranks (comm::Transport::now_s) advances by a model. For reports only, never to branch
/// in an algorithm.
bool time_is_simulated();

/// Whether arithmetic is executed at all; false in timing-only runs, where buffers hold nothing of meaning.
bool arithmetic_is_real();

/// What limits a piece of arithmetic: a processor takes gradients faster than it adds vectors that it has
/// just received; lossy codes draw, compare, shift bits or multiply matrices, each at a pace of its own;
/// optimisers and update rules do more to a value that they read than an addition does; and copying vectors
/// is no arithmetic at all.
enum class Kind { vector, model, copy, code, update };

/// What a piece of arithmetic costs. A plain number is of vector operations.
struct Cost {
    Cost(double the_amount, Kind the_kind = Kind::vector) : amount(the_amount), kind(the_kind) {}
    double amount;  ///< floating-point operations; of copies: bytes
    Kind kind;
};

/// Runs a piece of this rank's arithmetic and accounts for its cost.
///
/// Simulated: advances this rank's clock by the operations / speed of its host for their kind; the arithmetic
/// is executed for real, possibly on another host thread while other ranks proceed, and is complete on
/// return; in timing-only runs it is skipped. It must touch no data that another rank may touch meanwhile and
/// must not communicate. Real: executes it, and where a slower processor is emulated sleeps until that one
/// would be done. Copies count as computing in neither world.
void compute(Cost cost, base::FunctionRef<void()> arithmetic);

/// The same, where `meanwhile` looks after messages that are under way: called from time to time while this
/// rank computes, as often as the world can.
///
/// Simulated: 50 times, evenly spaced; it may communicate without blocking, and compute, which takes its own
/// time. Real: never, since there the library moves messages inside its own calls only.
void compute(Cost cost, base::FunctionRef<void()> arithmetic, base::FunctionRef<void()> meanwhile);

/// Hears when a rank computes: all times in which it did add up to ResourceUse::compute_s.
class ComputeObserver {
  public:
    virtual ~ComputeObserver() = default;
    /// It did from then to then, by its clock. Called afterwards, on the rank. Never of copies. Must take no
    /// simulated time and not communicate.
    virtual void computed(Kind kind, double begin_s, double end_s) = 0;
};

/// From now on `observer` hears of this rank's computing; null: nobody does.
///
/// Simulated: once for each time without interruption. A processor that stands still interrupts it, and so
/// does what `meanwhile` computes or spends. Real: once for each piece of arithmetic, with the sleep of a
/// slower processor; pauses of one are left out, as if they came at the end.
void observe_computing(ComputeObserver* observer);

/// A buffer for vectors that travel. Zero-initialised and 64-byte aligned; in timing-only runs all such
/// buffers of a process may share one memory, and their contents are meaningless. Counted among what this
/// rank holds (ResourceUse::peak_buffer_bytes) until it is released, before the rank ends.
base::FloatBuffer make_buffer(std::size_t size);

/// Spends what the scenario says a message costs the processor of its sender, before it can travel, or of its
/// receiver, who has got so many bytes, before it can be used, and returns the seconds that this took; they
/// belong neither to computing nor to being blocked. Real: nothing, since there the library does.
double handle_message(std::size_t received_bytes = 0);

/// What the platform has used since its clock started.
struct Energy {
    double hosts_J = 0;
    double links_J = 0;
};

/// How much of a run had passed when it was interrupted.
struct Passed {
    double elapsed_s = 0;
    std::optional<Energy> energy;
    double clock_s = 0;  ///< what the rank's clock showed then
};

/// Collective: the timed part begins, or goes on where so much of it has passed, before it was stopped or in
/// an earlier process. What the scenario says of processors at certain times, and the use of energy, count
/// from its beginning. Simulated: all ranks return at one moment, that of the last call; or, where some
/// has passed, a nanosecond after the clock showed what it did then, in the order of their numbers: so this
/// process and another one that goes on from there are alike from then on. Real: each at once; ranks that
/// have left a barrier just before begin as closely together as that lets them.
void start_clock(const Passed& passed = {});

/// Collective: the timed part is over for this rank, or is interrupted, and nothing happens to its processor
/// any more. Simulated: all ranks return at one moment, that of the last call, so that what they report
/// shares no link with messages of those that still train. Real: each at once.
void stop_clock();

/// Nothing where it is unknown: without powers in the scenario, and in the real world.
std::optional<Energy> energy_used();

/// Real: how a slower processor was emulated, since the clock started.
struct Emulation {
    double asked_s = 0;        ///< that the emulated processor needs for what was computed
    std::uint64_t sleeps = 0;  ///< until it would have been done
    double oversleep_s = 0;    ///< by which they ended late, together
    double largest_oversleep_s = 0;
    std::uint64_t overruns = 0;  ///< pieces whose arithmetic alone took longer than that
    double overrun_s = 0;        ///< by so much together
};

/// What this rank has used so far.
struct ResourceUse {
    double compute_s = 0;  ///< time inside `compute`, by its clock
    double cpu_s =
        0;  ///< real: user and system time of the process; simulated: predicted, equal to compute_s
    double peak_memory_bytes = 0;  ///< real: peak resident set of the process; simulated: 0, run/ predicts it
    double peak_buffer_bytes =
        0;  ///< the most that buffers of make_buffer took at one time, as if none shared
    std::optional<Emulation> emulation = {};  ///< nothing where no slower processor is emulated
};

ResourceUse resource_use();

}  // namespace lockstep::backend
