// The real side of the seam: an MPI process is a rank.
#include "backend/backend.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include "base/buffer_count.hpp"
#include "base/process/machine.hpp"
#include "real/emulation.hpp"
#include "real/mpi/library.hpp"
#include "real/neighbours.hpp"

namespace lockstep::backend {
namespace {

// A process is a rank here, so what the process has spent is the rank's own.
base::BufferCount buffers;            // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
double compute_s = 0;                 // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
ComputeObserver* observer = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

void account(Kind kind, double began_s, double duration_s) {
    compute_s += duration_s;
    if (observer != nullptr) observer->computed(kind, began_s, began_s + duration_s);
}

}  // namespace

Description describe() {
    const double memory =
        static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    return {real::library_version(),  "",    base::host_name(), real::this_machine(),
            real::neighbours().cores, memory};
}

bool time_is_simulated() {
    return false;
}

bool arithmetic_is_real() {
    return true;
}

void compute(Cost cost, base::FunctionRef<void()> arithmetic) {
    if (cost.kind == Kind::copy) return arithmetic();
    const double began_s = real::now_s();
    if (real::EmulatedProcessor* processor = real::emulated_processor())
        return account(cost.kind, began_s, processor->compute(cost.amount, arithmetic));
    arithmetic();
    account(cost.kind, began_s, real::now_s() - began_s);
}

void compute(Cost cost, base::FunctionRef<void()> arithmetic, base::FunctionRef<void()> /*meanwhile*/) {
    compute(cost, arithmetic);
}

void observe_computing(ComputeObserver* the_observer) {
    observer = the_observer;
}

base::FloatBuffer make_buffer(std::size_t size) {
    return buffers.count(base::FloatBuffer(size));
}

double handle_message(std::size_t /*received_bytes*/) {
    return 0;
}

void start_clock(const Passed& passed) {
    if (real::EmulatedProcessor* processor = real::emulated_processor())
        processor->start_clock(passed.elapsed_s);
}

void stop_clock() {}

std::optional<Energy> energy_used() {
    return std::nullopt;
}

ResourceUse resource_use() {
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    ResourceUse result{compute_s, seconds(use.ru_utime) + seconds(use.ru_stime),
                       1024.0 * static_cast<double>(use.ru_maxrss),
                       static_cast<double>(buffers.peak_bytes())};
    if (const real::EmulatedProcessor* processor = real::emulated_processor())
        result.emulation = processor->emulation();
    return result;
}

}  // namespace lockstep::backend
