#include "run/rehearsal.hpp"

#include <algorithm>
#include <utility>

#include <sys/resource.h>

#include "backend/backend.hpp"
#include "run/load_problem.hpp"

namespace lockstep::run {
namespace {

/// About how long a rehearsal takes, on a machine of which this is known.
constexpr double wanted_s = 0.3;
constexpr double flops_per_s = 5e9;
constexpr double message_s = 15e-6;
constexpr std::uint64_t fewest_rounds = 4;

double total_flops(const scenario::Config& config, const Problem& problem) {
    double of_epoch = 0;
    for (std::size_t round = 0; round < problem.order.rounds_per_epoch(); ++round)
        of_epoch += problem.step_flops(config, problem.order.batch_size(round));
    return of_epoch * static_cast<double>(config.epochs * config.workers);
}

std::optional<comm::Traffic> traffic(const scenario::Config& config, const Problem& problem) {
    exchange::Work work = problem.work(config);
    work.steps_taken = work.all_steps();
    return scenario::method_of(config)->traffic(work);
}

/// How many rounds a rehearsal has time for.
std::uint64_t rehearsed_rounds(const scenario::Config& config, const Problem& problem) {
    const auto rounds = static_cast<double>(problem.steps(config));
    const auto sent = traffic(config, problem);
    const double of_messages_s = sent ? message_s * static_cast<double>(sent->messages) : 0;
    const double of_arithmetic_s =
        scenario::timing_only(config) ? 0 : total_flops(config, problem) / flops_per_s;
    const double whole_s = of_messages_s + of_arithmetic_s + rounds * message_s;
    return std::max(fewest_rounds, static_cast<std::uint64_t>(rounds * std::min(1.0, wanted_s / whole_s)));
}

scenario::Config shortened(const scenario::Config& whole, const Problem& problem) {
    scenario::Config config = whole;
    const std::uint64_t rounds = rehearsed_rounds(whole, problem);
    const std::uint64_t per_epoch = problem.order.rounds_per_epoch();
    const std::uint64_t epochs = (rounds + per_epoch - 1) / per_epoch;
    config.epochs = std::min<std::uint64_t>(whole.epochs, epochs);
    if (rounds < per_epoch) {
        const std::size_t dealt_to = whole.partition == data::Partition::shard ? whole.workers : 1;
        config.train_samples = rounds * problem.order.largest_batch() * dealt_to;
    }
    const scenario::Config defaults;
    config.out = defaults.out;
    config.record = defaults.record;
    config.replay = defaults.replay;
    config.paje = defaults.paje;
    config.checkpoint = defaults.checkpoint;
    config.events = defaults.events;
    return config;
}

/// On the test set, the start parameters included.
double tests(const scenario::Config& config, const Problem& problem) {
    if (problem.dataset == nullptr) return 1;
    return static_cast<double>(1 + config.epochs * problem.schedule(config).tests().evaluations);
}

double dataset_bytes(const Problem& problem) {
    return static_cast<double>((problem.shape.train_samples + problem.shape.test_samples) *
                               (problem.shape.pixels_per_image() + 1));
}

double peak_resident_bytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

}  // namespace

Rehearsal::Rehearsal(const scenario::Config& whole, std::function<double()> wall_clock_s,
                     std::shared_ptr<const data::Dataset> dataset)
    : whole_config_(whole),
      wall_clock_s_(std::move(wall_clock_s)),
      began_s_(wall_clock_s_()),
      whole_(load_problem(whole, std::move(dataset))),
      config_(shortened(whole, whole_)),
      problem_(read_problem(config_, whole_.dataset)),
      progress_([this](const Progress::State& state) {
          last_ = {wall_clock_s_(), static_cast<double>(state.step)};
          if (!first_) first_ = last_;
      }) {}

double Rehearsal::wall_s() const {
    const double ended_s = wall_clock_s_();
    const Moment first = first_.value_or(Moment{ended_s, 0});
    const double steps = last_.steps - first.steps;
    const double step_s = steps > 0 ? (last_.at_s - first.at_s) / steps : 0;
    const double rest = static_cast<double>(whole_.steps(whole_config_)) - first.steps;
    const double testing_s = ended_s - std::max(first.at_s, last_.at_s);
    return first.at_s - began_s_ + step_s * rest +
           testing_s * tests(whole_config_, whole_) / tests(config_, problem_);
}

result::Estimate Rehearsal::estimate(const result::Result& rehearsed, double skipped_s) const {
    result::Estimate estimate;
    estimate.wall_s = wall_s() + skipped_s * static_cast<double>(whole_.steps(whole_config_)) /
                                     static_cast<double>(problem_.steps(config_));
    estimate.steps = whole_.work(whole_config_).all_steps();
    estimate.flops = total_flops(whole_config_, whole_);
    if (const auto sent = traffic(whole_config_, whole_)) {
        estimate.messages = sent->messages;
        estimate.bytes = sent->bytes;
    }
    estimate.memory_bytes = rehearsed.summary.memory_bytes;
    if (!backend::time_is_simulated()) return estimate;
    estimate.memory_bytes +=
        static_cast<double>(rehearsed.workers.size()) * (dataset_bytes(whole_) - dataset_bytes(problem_));
    estimate.process_bytes = peak_resident_bytes();
    return estimate;
}

}  // namespace lockstep::run
