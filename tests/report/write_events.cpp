// Writes the events of a made-up run of by-arrival, to test reports with: write_events DIR WORKERS STEPS
// [OPEN]
//
// Each worker computes, sends its gradient to the one server, which takes what has arrived first, and gets
// the parameters back. Worker 1 is twice as slow. A step of the others computes for 1 s. There are about ten
// events a step. With OPEN the last rank's file has no end, as of a run that was killed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <queue>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "events/file.hpp"

namespace {

using namespace lockstep::events;

constexpr double latency_s = 0.05;
constexpr std::uint64_t bytes = 1000;

struct Worker {
    double ready_s = 0;
    std::uint64_t step = 0;
    std::uint64_t version = 0;
};

Event moment(double at_s, Kind kind, std::uint32_t peer, std::uint64_t step) {
    Event event;
    event.begin_s = at_s;
    event.kind = kind;
    event.peer = peer;
    event.sequence = step;
    event.round = step;
    event.bytes = kind == Kind::send_started || kind == Kind::arrived ? bytes : 0;
    return event;
}

Event interval(double begin_s, double end_s, Kind kind, std::uint32_t peer, std::uint64_t step) {
    Event event = moment(begin_s, kind, peer, step);
    event.end_s = end_s;
    return event;
}

class Run {
  public:
    Run(const std::filesystem::path& folder, std::uint32_t workers, std::uint64_t steps)
        : workers_(workers), server_(workers), steps_(steps), apply_s_(0.7 / workers) {
        std::filesystem::create_directories(folder / "events");
        for (std::uint32_t rank = 0; rank <= server_; ++rank)
            files_.push_back(std::make_unique<FileWriter>(event_file(folder, rank),
                                                          Header{rank, server_ + 1, server_, true, 0}));
        for (std::uint32_t rank = 0; rank < server_; ++rank) compute(rank);
    }

    void serve(bool is_open) {
        double free_s = 0;
        for (std::uint64_t version = 0; !arrivals_.empty(); ++version) {
            const auto [arrived_s, rank] = arrivals_.top();
            arrivals_.pop();
            free_s = update(rank, version, std::max(free_s, arrived_s), free_s, arrived_s);
            answer(rank, free_s, version + 1);
        }
        for (std::uint32_t rank = 0; rank < server_; ++rank)
            files_[rank]->add(moment(workers_[rank].ready_s, Kind::end, no_peer, steps_));
        if (!is_open) files_[server_]->add(moment(free_s, Kind::end, no_peer, 0));
    }

  private:
    void compute(std::uint32_t rank) {
        Worker& worker = workers_[rank];
        const double end_s = worker.ready_s + (rank == 1 ? 2 : 1) + 0.003 * (rank % 7);
        files_[rank]->add(interval(worker.ready_s, end_s, Kind::compute, no_peer, worker.step));
        files_[rank]->add(moment(end_s, Kind::send_started, server_, worker.step));
        files_[rank]->add(moment(end_s, Kind::receive_started, server_, worker.step));
        worker.ready_s = end_s;
        arrivals_.emplace(end_s + latency_s, rank);
    }

    double update(std::uint32_t rank, std::uint64_t version, double begin_s, double free_s,
                  double arrived_s) {
        const Worker& worker = workers_[rank];
        FileWriter& file = *files_[server_];
        if (arrived_s > free_s) {
            file.add(moment(free_s, Kind::receive_started, rank, worker.step));
            file.add(interval(free_s, arrived_s, Kind::blocked_receiving, rank, worker.step));
        }
        file.add(moment(arrived_s, Kind::arrived, rank, worker.step));
        Event work = interval(begin_s, begin_s + apply_s_, Kind::compute, no_peer, 0);
        work.phase = Phase::exchange;
        file.add(work);
        Event apply = moment(begin_s + apply_s_, Kind::apply, rank, worker.step);
        apply.version = version;
        apply.staleness = static_cast<std::uint32_t>(version - worker.version);
        file.add(apply);
        file.add(moment(begin_s + apply_s_, Kind::send_started, rank, worker.step));
        return begin_s + apply_s_;
    }

    void answer(std::uint32_t rank, double sent_s, std::uint64_t version) {
        Worker& worker = workers_[rank];
        const double arrived_s = sent_s + latency_s;
        files_[rank]->add(moment(arrived_s, Kind::arrived, server_, worker.step));
        files_[rank]->add(interval(worker.ready_s, arrived_s, Kind::blocked_receiving, server_, worker.step));
        worker = {arrived_s, worker.step + 1, version};
        if (worker.step < steps_) compute(rank);
    }

    using Arrival = std::pair<double, std::uint32_t>;
    std::vector<Worker> workers_;
    std::uint32_t server_;
    std::uint64_t steps_;
    double apply_s_;
    std::vector<std::unique_ptr<FileWriter>> files_;
    std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
};

}  // namespace

int main(int count, char** words) {
    const std::span arguments(words, static_cast<std::size_t>(count));
    if (arguments.size() < 4) return 2;
    const auto workers = static_cast<std::uint32_t>(std::stoul(arguments[2]));
    Run(arguments[1], workers, std::stoull(arguments[3])).serve(arguments.size() > 4);
    return 0;
}
