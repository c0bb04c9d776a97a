#include "tests/support/exchange_run.hpp"

#include <algorithm>

#include "exchange/catalogue.hpp"
#include "tests/support/gathering.hpp"

namespace lockstep::support {
namespace {

using Snapshots = std::vector<RecordingJournal::Snapshot>;

std::vector<double> flat(const std::vector<exchange::Update>& updates) {
    std::vector<double> values;
    for (const exchange::Update& u : updates)
        for (const std::uint64_t value : {std::uint64_t{u.worker}, u.step, u.version_read, u.version_applied})
            values.push_back(static_cast<double>(value));
    return values;
}

std::vector<double> flat(const Snapshots& snapshots) {
    std::vector<double> values;
    for (const auto& snapshot : snapshots) {
        values.insert(values.end(), {static_cast<double>(snapshot.step), snapshot.time_s,
                                     static_cast<double>(snapshot.values.size())});
        values.insert(values.end(), snapshot.values.begin(), snapshot.values.end());
    }
    return values;
}

std::vector<exchange::Update> updates_of(const std::vector<double>& values) {
    std::vector<exchange::Update> updates;
    const auto whole = [&](std::size_t at) { return static_cast<std::uint64_t>(values[at]); };
    for (std::size_t i = 0; i + 4 <= values.size(); i += 4)
        updates.push_back({whole(i), whole(i + 1), whole(i + 2), whole(i + 3)});
    return updates;
}

Snapshots snapshots_of(const std::vector<double>& values) {
    Snapshots snapshots;
    for (std::size_t i = 0; i < values.size();) {
        auto& snapshot = snapshots.emplace_back();
        snapshot.step = static_cast<std::uint64_t>(values[i]);
        snapshot.time_s = values[i + 1];
        const auto size = static_cast<std::size_t>(values[i + 2]);
        for (std::size_t k = 0; k < size; ++k)
            snapshot.values.push_back(static_cast<float>(values[i + 3 + k]));
        i += 3 + size;
    }
    return snapshots;
}

ExchangeRun gather(comm::Communicator& communicator, const scenario::Config& config,
                   const RecordingJournal& journal, std::uint64_t steps_taken, double elapsed_s) {
    ExchangeRun run;
    for (const auto& part : gather_from_all(communicator, flat(journal.updates)))
        for (const exchange::Update& update : updates_of(part)) run.updates.push_back(update);
    std::stable_sort(run.updates.begin(), run.updates.end(),
                     [](const auto& a, const auto& b) { return a.version_applied < b.version_applied; });
    for (const auto& part : gather_from_all(communicator, flat(journal.shared)))
        for (auto& snapshot : snapshots_of(part)) run.shared.push_back(std::move(snapshot));
    for (const auto& part : gather_from_all(communicator, flat(journal.own)))
        run.own.push_back(snapshots_of(part));
    run.own.resize(config.workers);
    for (const auto& part : gather_from_all(communicator, flat(journal.shares)))
        run.shares.push_back(snapshots_of(part));
    for (const auto& one : gather_from_all(communicator, {elapsed_s}))
        run.elapsed_s = std::max(run.elapsed_s, one[0]);
    for (const auto& one : gather_from_all(communicator, {static_cast<double>(steps_taken)}))
        run.steps_taken += static_cast<std::uint64_t>(one[0]);
    run.traffic = total_traffic(communicator);
    return run;
}

/// Ends before a step, or after as many turns of a server.
class CutLeg : public exchange::Leg {
  public:
    CutLeg(exchange::Memory& memory, std::uint64_t end, std::uint64_t turns)
        : Leg(memory), end_(end), turns_left_(turns) {}

    bool takes(std::uint64_t step) override { return step < end_; }
    std::uint64_t sure_until() const override { return end_; }
    bool is_ending() override { return turns_left_ == 0 || --turns_left_ == 0; }

  private:
    std::uint64_t end_;
    std::uint64_t turns_left_;
};

}  // namespace

void train(comm::Communicator& communicator, const scenario::Config& config,
           exchange::LocalTraining& training, exchange::Journal& journal, std::span<const float> start,
           exchange::ArrivalOrder* order, exchange::Leg* leg) {
    const exchange::Team team = scenario::team_of(config);
    exchange::Participant participant{communicator, team, training, journal, start, order, leg};
    scenario::method_of(config)->train(participant);
}

ExchangeRun run_exchange(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                         exchange::ArrivalOrder* order) {
    FakeTraining training(communicator.rank(), config, job);
    RecordingJournal journal(communicator);
    communicator.barrier();
    communicator.log().clear();
    const double began_s = communicator.now_s();
    train(communicator, config, training, journal, job.start, order);
    return gather(communicator, config, journal, training.steps_taken(), communicator.now_s() - began_s);
}

ExchangeRun run_in_legs(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                        std::uint64_t length, exchange::ArrivalOrder* order) {
    RecordingJournal journal(communicator);
    communicator.barrier();
    communicator.log().clear();
    const double began_s = communicator.now_s();
    exchange::Memory memory;
    std::uint64_t taken = 0;
    bool goes_on = true;
    for (std::uint64_t end = length; goes_on; end += length) {
        memory = base::unpack<exchange::Memory>(base::pack(memory));
        CutLeg leg(memory, std::min(end, job.steps), length * config.workers);
        FakeTraining training(communicator.rank(), config, job);
        std::span<float> remembered = training.memory();
        const exchange::Kept keeps(&leg, "training", remembered);
        train(communicator, config, training, journal, job.start, order, &leg);
        goes_on = communicator.agree_on_maximum(training.steps_taken() > 0 ? 1 : 0) == 1;
        taken += training.steps_taken();
    }
    return gather(communicator, config, journal, taken, communicator.now_s() - began_s);
}

namespace {

Ordered with_arrivals(comm::Communicator& communicator, ExchangeRun run,
                      const exchange::ArrivalOrder& order) {
    using exchange::Arrival;
    Ordered ordered{std::move(run), {}};
    std::vector<double> flat;
    for (const Arrival& one : order.kept())
        for (const std::uint32_t value : {one.taker, one.worker, one.step, one.version_read,
                                          one.version_applied, std::uint32_t{one.dropped}})
            flat.push_back(value);
    for (const auto& part : gather_from_all(communicator, flat))
        for (std::size_t i = 0; i < part.size(); i += 6) {
            const auto whole = [&](std::size_t k) { return static_cast<std::uint32_t>(part[i + k]); };
            ordered.arrivals.push_back({whole(0), whole(1), whole(2), whole(3), whole(4), whole(5) == 1});
        }
    std::ranges::stable_sort(ordered.arrivals, {}, &Arrival::version_applied);
    return ordered;
}

}  // namespace

Ordered run_in_order(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                     std::vector<exchange::Arrival> forced) {
    exchange::ArrivalOrder order(true, std::move(forced));
    ExchangeRun run = run_exchange(communicator, config, job, &order);
    return with_arrivals(communicator, std::move(run), order);
}

Ordered run_in_order_of_legs(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                             std::uint64_t length) {
    exchange::ArrivalOrder order(true, {});
    ExchangeRun run = run_in_legs(communicator, config, job, length, &order);
    return with_arrivals(communicator, std::move(run), order);
}

}  // namespace lockstep::support
