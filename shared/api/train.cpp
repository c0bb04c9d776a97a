#include "api/train.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "api/checked_training.hpp"
#include "api/final_parameters.hpp"
#include "api/message_balance.hpp"
#include "backend/backend.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/packing.hpp"
#include "base/units.hpp"
#include "comm/agreement.hpp"
#include "comm/clock_alignment.hpp"
#include "comm/wait_states.hpp"

namespace lockstep {
namespace {

/// What a rank tells the others afterwards.
struct Report {
    RankTimes times;
    comm::Traffic traffic;
    bool is_complete = true;  ///< the traffic
    std::uint64_t steps = 0;
    std::uint64_t updates = 0;
    std::uint64_t staleness = 0;
};

/// Real clocks differ between ranks; simulated time is the same everywhere.
void align(events::Clock& clock, comm::Communicator& communicator) {
    if (!backend::time_is_simulated()) clock.add(comm::compare_clocks(communicator));
}

/// Those of all ranks, on every rank.
std::vector<Report> gather(comm::Communicator& communicator, const Report& own) {
    std::vector<Report> all(communicator.size());
    all[communicator.rank()] = own;
    if (communicator.rank() != 0) communicator.send_bytes(base::pack(own), 0);
    for (std::size_t rank = 1; communicator.rank() == 0 && rank < all.size(); ++rank)
        all[rank] = base::unpack<Report>(communicator.receive_bytes(rank));
    const std::vector<std::byte> packed = base::pack(all);
    std::string text(reinterpret_cast<const char*>(packed.data()), packed.size());
    communicator.broadcast_text(text, 0);
    return base::unpack<std::vector<Report>>(std::as_bytes(std::span(text)));
}

void add(Trained& trained, const Report& report) {
    trained.steps += report.steps;
    trained.updates += report.updates;
    trained.mean_staleness += static_cast<double>(report.staleness);
    trained.elapsed_s = std::max(trained.elapsed_s, report.times.elapsed_s);
    trained.ranks.push_back(report.times);
    if (!report.is_complete) trained.traffic.reset();
    if (!trained.traffic) return;
    trained.traffic->messages += report.traffic.messages;
    trained.traffic->bytes += report.traffic.bytes;
}

/// One rank's part.
class Run {
  public:
    Run(comm::Communicator& communicator, exchange::LocalTraining& training, const exchange::Method& method,
        std::span<const float> start, const TrainOptions& options)
        : communicator_(communicator),
          method_(method),
          start_(start),
          options_(options),
          team_(team(options, training)),
          training_(training, options.checks.finite),
          final_(options.journal, method, training.steps(), start.size()) {}

    /// Before any training; on all ranks alike.
    void check(const exchange::LocalTraining& training) {
        const TrainRequest request{training, method_, start_, team_, communicator_.size()};
        const bool compares = communicator_.agree_on_maximum(options_.checks.collective ? 1 : 0) != 0;
        std::vector<Equal> mine;
        agreed([&] {
            lockstep::check(request);
            if (compares) mine = must_be_equal(request);
        });
        if (compares) agreed([&] { check_equal(communicator_, mine); });
    }

    Trained train() {
        events::Clock clock;
        align(clock, communicator_);
        communicator_.barrier();
        communicator_.log().clear();
        backend::start_clock();
        const double began_s = communicator_.now_s();
        const double computed_s = backend::resource_use().compute_s;
        exchange::Participant participant{communicator_, team_, training_, final_, start_};
        method_.train(participant);
        Report report;
        report.times.elapsed_s = communicator_.now_s() - began_s;
        report.times.compute_s = backend::resource_use().compute_s - computed_s;
        backend::stop_clock();
        align(clock, communicator_);
        require_all_received(communicator_, method_.traits().name);
        const events::WaitStates blocked = comm::resolve_wait_states(communicator_, clock);
        report.times.wait_s = blocked.wait_s;
        report.times.transfer_s = blocked.transfer_s;
        return summarise(report);
    }

  private:
    exchange::Team team(const TrainOptions& options, const exchange::LocalTraining& training) const {
        const std::size_t servers = std::min(method_.server_count(), communicator_.size());
        return {communicator_.size() - servers, training.optimising(), options.seed};
    }

    void agreed(base::FunctionRef<void()> action) {
        comm::agreed(communicator_, [&] {
            try {
                action();
            } catch (const base::InputError& error) {
                throw base::InputError(fmt::format("train: {}", error.what()));
            }
        });
    }

    Trained summarise(Report report) {
        const events::MessageLog& log = communicator_.log().messages();
        report.traffic = log.traffic();
        report.is_complete = log.complete();
        report.steps = training_.steps_taken();
        report.updates = final_.updates();
        report.staleness = final_.staleness();
        Trained trained;
        trained.method = method_.traits().name;
        trained.workers = team_.workers;
        trained.traffic.emplace();
        for (const Report& one : gather(communicator_, report)) add(trained, one);
        if (trained.updates > 0) trained.mean_staleness /= static_cast<double>(trained.updates);
        trained.predicted = method_.traffic({.workers = team_.workers,
                                             .steps = training_.steps(),
                                             .steps_per_epoch = training_.steps_per_epoch(),
                                             .values = start_.size(),
                                             .steps_taken = trained.steps,
                                             .blocks = training_.blocks()});
        trained.parameters = final_.gather(communicator_, team_.workers);
        return trained;
    }

    comm::Communicator& communicator_;
    const exchange::Method& method_;
    std::span<const float> start_;
    const TrainOptions& options_;
    exchange::Team team_;
    CheckedTraining training_;
    FinalParameters final_;
};

std::string line_of(std::size_t rank, const RankTimes& times, bool is_server) {
    const auto share = [&](double part_s) {
        return times.elapsed_s > 0 ? base::format_share(part_s / times.elapsed_s) : std::string("-");
    };
    return fmt::format("{:>4}  {:<6}  {:>8}  {:>9}  {:>13}  {:>9}  {:>9}  {:>8}\n", rank,
                       is_server ? "server" : "worker", base::format_time(times.elapsed_s),
                       share(times.compute_s), share(times.communication_s()), share(times.wait_s),
                       share(times.transfer_s), share(times.other_s()));
}

std::string traffic_text(const std::optional<comm::Traffic>& traffic) {
    return traffic ? fmt::format("{} messages, {} bytes", traffic->messages, traffic->bytes) : "unknown";
}

}  // namespace

std::string Trained::digest() const {
    return parameters.size() == 0 ? std::string() : base::digest(parameters);
}

Trained train(comm::Communicator& communicator, exchange::LocalTraining& training,
              const exchange::Method& method, std::span<const float> start, const TrainOptions& options) {
    Run run(communicator, training, method, start, options);
    run.check(training);
    return run.train();
}

std::string to_text(const Trained& trained) {
    constexpr std::size_t shown = 16;
    std::string text = fmt::format("method          {}, {} workers, {} steps\n", trained.method,
                                   trained.workers, trained.steps);
    text += fmt::format("time            {}\n", base::format_time(trained.elapsed_s));
    text += fmt::format("sent            {}\n", traffic_text(trained.traffic));
    text += fmt::format("by closed form  {}\n", traffic_text(trained.predicted));
    text += fmt::format("staleness       {}\n", base::format_number(trained.mean_staleness));
    text += fmt::format("parameters      {}\n\n", trained.parameters.size() == 0 ? "none" : trained.digest());
    text += fmt::format("{:>4}  {:<6}  {:>8}  {:>9}  {:>13}  {:>9}  {:>9}  {:>8}\n", "Rank", "Role", "Time",
                        "Compute", "Communication", "Wait", "Transfer", "Other");
    for (std::size_t rank = 0; rank < std::min(shown, trained.ranks.size()); ++rank)
        text += line_of(rank, trained.ranks[rank], rank >= trained.workers);
    if (trained.ranks.size() > shown) text += fmt::format("and {} more\n", trained.ranks.size() - shown);
    return text;
}

}  // namespace lockstep
