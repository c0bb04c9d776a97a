#include "run/used_resources.hpp"

#include <algorithm>

namespace lockstep::run {
namespace {

void describe_emulation(result::Worker& worker, const backend::Emulation& emulation) {
    worker.emulated_s = emulation.asked_s;
    worker.sleeps = emulation.sleeps;
    if (emulation.sleeps > 0)
        worker.mean_oversleep_s = emulation.oversleep_s / static_cast<double>(emulation.sleeps);
    worker.largest_oversleep_s = emulation.largest_oversleep_s;
    worker.overruns = emulation.overruns;
    worker.overrun_s = emulation.overrun_s;
}

}  // namespace

void add_use(backend::ResourceUse& sum, const backend::ResourceUse& from, const backend::ResourceUse& to) {
    sum.compute_s += to.compute_s - from.compute_s;
    sum.cpu_s += to.cpu_s - from.cpu_s;
    sum.peak_memory_bytes = std::max(sum.peak_memory_bytes, to.peak_memory_bytes);
    sum.peak_buffer_bytes = std::max(sum.peak_buffer_bytes, to.peak_buffer_bytes);
    if (!to.emulation) return;
    if (!sum.emulation) sum.emulation.emplace();
    const backend::Emulation before = from.emulation.value_or(backend::Emulation{});
    sum.emulation->asked_s += to.emulation->asked_s - before.asked_s;
    sum.emulation->sleeps += to.emulation->sleeps - before.sleeps;
    sum.emulation->oversleep_s += to.emulation->oversleep_s - before.oversleep_s;
    sum.emulation->largest_oversleep_s =
        std::max(sum.emulation->largest_oversleep_s, to.emulation->largest_oversleep_s);
    sum.emulation->overruns += to.emulation->overruns - before.overruns;
    sum.emulation->overrun_s += to.emulation->overrun_s - before.overrun_s;
}

void describe_worker(result::Worker& worker, const events::MessageLog& log, const backend::ResourceUse& used,
                     const events::WaitStates& blocked) {
    worker.compute_s = used.compute_s;
    worker.wait_s = blocked.wait_s;
    worker.transfer_s = blocked.transfer_s;
    worker.hidden_s = log.hidden_s();
    worker.other_s = worker.elapsed_s - worker.compute_s - worker.wait_s - worker.transfer_s;
    if (log.complete()) {
        worker.messages_sent = log.traffic().messages;
        worker.bytes_sent = log.traffic().bytes;
    }
    worker.cpu_s = used.cpu_s;
    if (used.emulation) describe_emulation(worker, *used.emulation);
}

}  // namespace lockstep::run
