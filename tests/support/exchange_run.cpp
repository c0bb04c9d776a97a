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
                   const RecordingJournal& journal, const FakeTraining& training, double elapsed_s) {
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
    for (const auto& one : gather_from_all(communicator, {static_cast<double>(training.steps_taken())}))
        run.steps_taken += static_cast<std::uint64_t>(one[0]);
    run.traffic = total_traffic(communicator);
    return run;
}

}  // namespace

void train(comm::Communicator& communicator, const scenario::Config& config,
           exchange::LocalTraining& training, exchange::Journal& journal, std::span<const float> start,
           exchange::ArrivalOrder* order) {
    const exchange::Team team = scenario::team_of(config);
    exchange::Participant participant{communicator, team, training, journal, start, order};
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
    return gather(communicator, config, journal, training, communicator.now_s() - began_s);
}

Ordered run_in_order(comm::Communicator& communicator, const scenario::Config& config, const Job& job,
                     std::vector<exchange::Arrival> forced) {
    using exchange::Arrival;
    exchange::ArrivalOrder order(true, std::move(forced));
    Ordered ordered{run_exchange(communicator, config, job, &order), {}};
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

}  // namespace lockstep::support
