#include "run/rank_run.hpp"

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/packing.hpp"
#include "base/vector_math.hpp"
#include "comm/collectives/allreduce.hpp"
#include "comm/wait_states.hpp"
#include "exchange/catalogue.hpp"
#include "run/assembly.hpp"
#include "run/evaluation.hpp"
#include "run/replay/order.hpp"
#include "run/summary.hpp"
#include "run/used_resources.hpp"

namespace lockstep::run {
namespace {

/// Rank 0's initial parameters, on every rank.
base::FloatBuffer start_parameters(comm::Communicator& communicator, const scenario::Config& config,
                                   const Problem& problem) {
    base::FloatBuffer parameters = backend::make_buffer(problem.parameters);
    if (communicator.rank() == 0 && backend::arithmetic_is_real())
        problem.network.initialise(parameters, config.seed);
    comm::broadcast(communicator, parameters);
    return parameters;
}

/// A leg as the exchange sees it.
class RunLeg : public exchange::Leg {
  public:
    RunLeg(exchange::Memory& memory, Legs& legs, const Journal& journal)
        : Leg(memory), legs_(legs), journal_(journal) {}

    bool takes(std::uint64_t step) override {
        return legs_.takes(journal_.first_step() + step, journal_.elapsed_s());
    }
    std::uint64_t sure_until() const override {
        return legs_.sure_until(journal_.elapsed_s()) - journal_.first_step();
    }
    bool is_ending() override { return legs_.is_ending(journal_.steps_of_v(), journal_.elapsed_s()); }

  private:
    Legs& legs_;
    const Journal& journal_;
};

}  // namespace

RankRun::RankRun(comm::Communicator& communicator, const scenario::Config& config, const Problem& problem,
                 Progress* progress, JointParameters* joint, Legs* legs)
    : communicator_(communicator),
      config_(config),
      problem_(problem),
      server_(communicator.rank() >= config.workers),
      recording_(communicator, config),
      training_(problem, config, communicator.rank(), communicator.rank() == 0 ? progress : nullptr,
                &communicator.log()),
      joint_(joint),
      journal_(communicator, config, problem.schedule(config), joint_, &communicator.log()),
      order_(order_of_rank(config, problem, communicator.rank())),
      start_(start_parameters(communicator, config, problem)),
      legs_(legs) {
    const bool copies = !backend::time_is_simulated() && backend::arithmetic_is_real();
    if (copies) journal_.reserve(problem.parameters);
}

void RankRun::train(const events::Clock& clock) {
    const auto interrupted = legs_ == nullptr ? std::nullopt : legs_->begin(communicator_.rank());
    if (interrupted) take_up(interrupted->bytes);
    communicator_.barrier();
    communicator_.log().clear();
    start_clocks();
    recording_.start(journal_.start_s(), clock);
    is_interrupted_ ? go_on() : journal_.start_parameters(start_);
    if (legs_ == nullptr) return train_leg(nullptr);
    train_in_legs();
    completed_ = !is_stopped_;
    stop_recording();
}

void RankRun::assemble_course(const events::Clock& clock) {
    if (joint_ == nullptr && is_held_jointly(config_))
        course_ = assemble(communicator_, config_, problem_.schedule(config_), start_, journal_, clock);
}

RankReport RankRun::report(const events::Clock& clock) {
    recording_.finish(clock);
    events::ActivityTotals blocked;
    const events::WaitStates states = comm::resolve_wait_states(communicator_, clock, &blocked);
    return report(states, blocked);
}

void RankRun::stop_if_running() {
    if (completed_ || is_stopped_) return;
    read_clocks();
    stop_recording();
}

UnfinishedReport RankRun::unfinished_report() {
    stop_if_running();
    return {report({}, {}), communicator_.log().messages()};
}

std::optional<SurvivorReport> RankRun::survivor_report() {
    constexpr double most_s = 0.5;  // launchers do not wait for long
    constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
    if (!has_begun_) return std::nullopt;
    stop_if_running();
    const double end_s = communicator_.now_s() + most_s;
    evaluate([&] { return communicator_.now_s() < end_s; });
    SurvivorReport left{report({}, {}), journal_.steps_of_v()};
    result::Worker& worker = left.report.worker;
    worker.wait_s = worker.transfer_s = worker.other_s = not_known;
    return left;
}

RankState RankRun::state() {
    const std::size_t rank = communicator_.rank();
    KeptByRank kept{beginning_,
                    memory_,
                    training_.state(),
                    communicator_.log().messages(),
                    communicator_.log().totals().rows(rank),
                    order_.kept(),
                    used_,
                    passed_};
    kept.messages.shift(-journal_.start_s());
    base::Packer packer;
    packer.add(kept);
    packer.add(journal_);
    return {{passed_.elapsed_s, steps_of_the_run()}, std::move(packer.bytes)};
}

Start RankRun::start() const {
    const backend::Energy before = beginning_.energy.value_or(backend::Energy{});
    return {start_, beginning_.step, beginning_.elapsed_s, before.hosts_J + before.links_J};
}

std::uint64_t RankRun::steps_of_the_run() const {
    return server_ ? journal_.steps_of_v() : beginning_.step + training_.steps_done();
}

void RankRun::take_up(std::span<const std::byte> bytes) {
    base::Unpacker unpacker(bytes);
    unpacker.take(kept_);
    beginning_ = std::move(kept_.beginning);
    begin_in_the_midst();
    is_interrupted_ = kept_.has_journal;
    if (is_interrupted_) {
        unpacker.take(journal_);
        if (!journal_.fits(start_.size()))
            throw base::InputError("the checkpoint: what it has kept of the course is of another run");
        training_.go_on_from(std::move(kept_.training));
    }
    memory_ = std::move(kept_.memory);
    order_.go_on_from(std::move(kept_.arrivals));
    used_ = kept_.used;
    passed_ = kept_.passed;
}

void RankRun::begin_in_the_midst() {
    if (beginning_.before.empty()) return;
    training_.begin_at(beginning_.step);
    journal_.begin_at(beginning_.step, beginning_.elapsed_s);
    if (!backend::arithmetic_is_real()) return;
    if (beginning_.v.size() != start_.size())
        throw base::InputError("the checkpoint's parameters", fmt::format("{} values", beginning_.v.size()),
                               fmt::format("{}, as this run has them", start_.size()));
    base::copy(start_, beginning_.v);
}

void RankRun::go_on() {
    kept_.messages.shift(journal_.start_s());
    communicator_.log().go_on_from(std::move(kept_.messages), kept_.activities);
}

void RankRun::start_clocks() {
    has_begun_ = true;
    communicator_.begin_rotation();  // as where another process goes on
    backend::start_clock(passed_);
    journal_.start(passed_.elapsed_s);
    before_ = backend::resource_use();
}

void RankRun::read_clocks() {
    passed_ = {journal_.elapsed_s(), backend::energy_used(), communicator_.now_s()};
    const backend::ResourceUse now = backend::resource_use();
    add_use(used_, before_, now);
    before_ = now;
}

void RankRun::stop_recording() {
    recording_.stop(journal_.start_s() + passed_.elapsed_s + journal_.copying_s());
}

void RankRun::train_leg(exchange::Leg* leg) {
    const exchange::Team team = scenario::team_of(config_);
    exchange::Participant participant{communicator_, team, training_, journal_, start_.span(), &order_, leg};
    scenario::method_of(config_)->train(participant);
    read_clocks();
    completed_ = legs_ == nullptr || legs_->leave(communicator_.rank(), steps_of_the_run());
    if (legs_ == nullptr) stop_recording();
    backend::stop_clock();
}

void RankRun::train_in_legs() {
    for (;;) {
        RunLeg leg(memory_, *legs_, journal_);
        train_leg(&leg);
        const LegEnd end = legs_->end(journal_.elapsed_s());
        if (end == LegEnd::complete) return;
        passed_ = {journal_.elapsed_s(), backend::energy_used(),
                   communicator_.now_s()};  // all have come to the leg's end now
        if (end != LegEnd::go_on) legs_->keep(communicator_.rank(), state());
        completed_ = false;
        is_stopped_ = end == LegEnd::stop;
        if (is_stopped_) return;
        start_clocks();
    }
}

void RankRun::evaluate(const std::function<bool()>& has_time) {
    if (std::exchange(is_evaluated_, true)) return;
    evaluated_.worker.rank = communicator_.rank();
    if (joint_ != nullptr && communicator_.rank() == 0) course_ = joint_->take_snapshots();
    evaluate_kept(problem_, config_, start(), journal_.take_snapshots(), std::move(course_), evaluated_,
                  has_time);
}

RankReport RankRun::report(const events::WaitStates& blocked, const events::ActivityTotals& by_partner) {
    evaluate();
    RankReport report = evaluated_;
    report.worker.is_server = server_;
    report.worker.completed = completed_;
    report.worker.elapsed_s = passed_.elapsed_s - beginning_.elapsed_s;
    report.worker.copying_s = journal_.copying_s();
    describe_worker(report.worker, communicator_.log().messages(), used_, blocked);
    report.worker.steps = server_ ? 0 : training_.steps_done();
    report.worker.samples = server_ ? 0 : training_.samples_done();
    report.place = backend::describe();
    report.worker.host = report.place.host;
    report.worker.memory_bytes = backend::time_is_simulated()
                                     ? predicted_memory_bytes(problem_, server_, used_)
                                     : used_.peak_memory_bytes;
    if (!server_) report.losses = training_.losses();
    report.first_step = beginning_.step;
    report.elapsed_before_s = beginning_.elapsed_s;
    report.trained_before = beginning_.before;
    report.updates = journal_.updates();
    report.progress_s = journal_.progress_s();
    report.arrivals = order_.kept();
    report.activities = recording_.activities(by_partner);
    report.energy = passed_.energy;
    return report;
}

}  // namespace lockstep::run
