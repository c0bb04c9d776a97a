// What a user of the library can do wrong, by name: `misuse --case NAME`.
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <lockstep/compression/low_rank.hpp>
#include <lockstep/compression/qsgd.hpp>
#include <lockstep/compression/top_k.hpp>
#include <lockstep/lockstep.hpp>

namespace {

using lockstep::Rank;

constexpr std::size_t values = 4;

lockstep::GradientTraining training_of(const lockstep::Schedule& schedule = {.steps = 5},
                                       std::size_t length = values) {
    return {length, schedule, [](std::uint64_t, std::span<const float> w, std::span<float> gradient) {
                for (std::size_t i = 0; i < w.size(); ++i) gradient[i] += w[i];
            }};
}

void train(const Rank& rank, lockstep::LocalTraining& training, const lockstep::Method& method,
           const lockstep::TrainOptions& options = {}, std::size_t length = values, float first = 1) {
    const std::vector<float> start(length, first);
    lockstep::train(rank.communicator, training, method, start, options);
}

void train(const Rank& rank, const lockstep::Method& method, const lockstep::TrainOptions& options = {}) {
    auto training = training_of();
    train(rank, training, method, options);
}

bool is_rank_1(const Rank& rank) {
    return rank.communicator.rank() == 1;
}

/// Rank 1's vector is longer.
void lengths(const Rank& rank, const lockstep::Method& method, bool checks) {
    const std::size_t length = is_rank_1(rank) ? values + 1 : values;
    auto training = training_of({.steps = 5}, length);
    train(rank, training, method, {.checks = {.collective = checks}}, length);
}

/// The training of one rank does something else in its step number 3.
void misstep(const Rank& rank, const lockstep::Method& method, float (*gradient)(), std::size_t culprit = 1) {
    lockstep::GradientTraining training(
        values, {.steps = 5, .flops = 1e6},  // so much that the simulator does it on another thread
        [&](std::uint64_t step, std::span<const float>, std::span<float> result) {
            if (rank.communicator.rank() == culprit && step == 3) result[2] = gradient();
        });
    train(rank, training, method);
}

float nan() {
    return std::numeric_limits<float>::quiet_NaN();
}
float boom() {
    throw std::runtime_error("boom");
}

/// Tells the journal what it is told to.
class Telling final : public lockstep::MethodOf<Telling> {
  public:
    using Tell = void (*)(const lockstep::Participant& participant, std::uint64_t step, std::span<float> w);

    static constexpr lockstep::MethodTraits about{
        .name = "telling", .summary = "reports badly", .holder = lockstep::Holder::nobody};
    explicit Telling(Tell tell) : tell_(tell) {}

    void train(lockstep::Participant& participant) const override {
        lockstep::FloatBuffer w = lockstep::travelling_copy(participant.start);
        for (std::uint64_t step = 0; step < participant.training.steps(); ++step) {
            participant.training.step(step, w);
            tell_(participant, step, w);
        }
    }

  private:
    Tell tell_;
};

/// Its learning rate is none.
class Rateless final : public lockstep::GradientTraining {
  public:
    using GradientTraining::GradientTraining;
    float learning_rate(std::uint64_t) const override { return nan(); }
};

/// Rank 1 has another schedule, and only it asks for a comparison.
void unequal(const Rank& rank, const lockstep::Schedule& ours, const lockstep::Schedule& of_rank_1) {
    auto training = training_of(is_rank_1(rank) ? of_rank_1 : ours);
    train(rank, training, lockstep::SyncAverage(), {.checks = {.collective = is_rank_1(rank)}});
}

struct Case {
    const char* name;
    void (*run)(const Rank& rank);
};

const Case cases[]{
    {"lengths", [](const Rank& rank) { lengths(rank, lockstep::SyncAverage(), true); }},
    {"lengths-unchecked",
     [](const Rank& rank) {
         lengths(rank, lockstep::SyncAverage(lockstep::Summing{.collective = "tree"}), false);
     }},
    {"starts",
     [](const Rank& rank) {
         auto training = training_of();
         train(rank, training, lockstep::SyncAverage(), {.checks = {.collective = true}}, values,
               is_rank_1(rank) ? 2.0F : 1.0F);
     }},
    {"periods",
     [](const Rank& rank) {
         const std::size_t steps = is_rank_1(rank) ? 3 : 2;
         train(rank, lockstep::LocalSgd(lockstep::LocalSteps{.period = {.steps = steps}}),
               {.checks = {.collective = true}});
     }},
    {"servers",
     [](const Rank& rank) { train(rank, lockstep::ByArrival(lockstep::ServerParts{.servers = 3})); }},
    {"alone", [](const Rank& rank) { train(rank, lockstep::Serial()); }},
    {"period",
     [](const Rank& rank) { train(rank, lockstep::LocalSgd(lockstep::LocalSteps{.period = {.steps = 0}})); }},
    {"slow-momentum",
     [](const Rank& rank) { train(rank, lockstep::SlowMo(lockstep::SlowMoOptions{.slow_momentum = 1.5})); }},
    {"collective",
     [](const Rank& rank) { train(rank, lockstep::SyncAverage(lockstep::Summing{.collective = "rign"})); }},
    {"momentum",
     [](const Rank& rank) {
         auto training = training_of({.steps = 5, .optimising = {.optimiser = "momentum", .momentum = 2}});
         train(rank, training, lockstep::SyncAverage());
     }},
    {"optimiser",
     [](const Rank& rank) {
         auto training = training_of({.steps = 5, .optimising = {.optimiser = "nesterov"}});
         train(rank, training, lockstep::Gossip());
     }},
    {"no-steps",
     [](const Rank& rank) {
         auto training = training_of({.steps = 0});
         train(rank, training, lockstep::SyncAverage());
     }},
    {"blocks",
     [](const Rank& rank) {
         auto training = training_of({.steps = 5, .blocks = {{0, 1, 3}}});
         train(rank, training, lockstep::SyncAverage());
     }},
    {"rate",
     [](const Rank& rank) {
         Rateless training(values, {.steps = 5}, [](auto...) {});
         train(rank, training, lockstep::Allreduce());
     }},
    {"schedule", [](const Rank&) { (void)training_of({.decay = nan()}); }},
    {"rates", [](const Rank& rank) { unequal(rank, {.learning_rate = 0.5F}, {.learning_rate = 0.25F}); }},
    {"matrices",
     [](const Rank& rank) {
         unequal(rank, {.blocks = {{0, 1, 4}}}, {.blocks = {{0, 2, 2}}});
     }},
    {"too-long",
     [](const Rank& rank) {
         const std::unique_ptr<float[]> memory(new float[std::size_t{1} << 29]);  // never touched
         auto training = training_of({.steps = 5}, std::size_t{1} << 29);
         lockstep::train(rank.communicator, training, lockstep::SyncAverage(),
                         std::span<const float>(memory.get(), std::size_t{1} << 29));
     }},
    {"told-nothing",
     [](const Rank& rank) {
         train(rank, Telling([](const lockstep::Participant&, std::uint64_t, std::span<float>) {}));
     }},
    {"told-before",
     [](const Rank& rank) {
         train(rank, Telling([](const lockstep::Participant& participant, std::uint64_t step,
                                std::span<float> w) { participant.journal.shared_parameters(step, w); }));
     }},
    {"told-shares",
     [](const Rank& rank) {
         train(rank,
               Telling([](const lockstep::Participant& participant, std::uint64_t step, std::span<float> w) {
                   if (participant.rank() == 0) participant.journal.worker_share(step + 1, w);
               }));
     }},
    {"told-parts",
     [](const Rank& rank) {
         train(rank,
               Telling([](const lockstep::Participant& participant, std::uint64_t step, std::span<float> w) {
                   if (participant.rank() == 0) participant.journal.server_share(step + 1, 1, w.first(2));
               }));
     }},
    {"told-beyond",
     [](const Rank& rank) {
         train(rank, Telling([](const lockstep::Participant& participant, std::uint64_t step,
                                std::span<float> w) { participant.journal.server_share(step + 1, 1, w); }));
     }},
    {"left-over",
     [](const Rank& rank) {
         train(rank,
               Telling([](const lockstep::Participant& participant, std::uint64_t step, std::span<float> w) {
                   if (participant.rank() == 0 && step > 2)
                       (void)participant.communicator.start_send(participant.start, 1);
                   participant.journal.worker_share(step + 1, w);
               }));
     }},
    {"nan", [](const Rank& rank) { misstep(rank, lockstep::SyncAverage(), nan); }},
    {"nan-gradient", [](const Rank& rank) { misstep(rank, lockstep::Allreduce(), nan); }},
    // By arrival, of two workers one could make all steps: there is one. With a bound both come to their
    // step 3.
    {"nan-asynchronous", [](const Rank& rank) { misstep(rank, lockstep::ByArrival(), nan, 0); }},
    {"nan-bounded",
     [](const Rank& rank) {
         misstep(
             rank,
             lockstep::BoundedStaleness(lockstep::exchange::BoundedStalenessOptions{.staleness_bound = 0}),
             nan);
     }},
    {"throws", [](const Rank& rank) { misstep(rank, lockstep::SyncAverage(), boom); }},
    {"scratch",
     [](const Rank& rank) {
         std::vector<float> vector(values);
         std::vector<float> scratch(values - 1);
         lockstep::Collective("ring")->allreduce(rank.communicator, vector, scratch);
     }},
    {"peer",
     [](const Rank& rank) { rank.communicator.send(std::vector<float>(values), rank.communicator.size()); }},
    {"requests",
     [](const Rank& rank) {
         std::vector<lockstep::Request> requests(2);
         (void)rank.communicator.wait_any(requests);
     }},
    {"no-requests", [](const Rank& rank) { (void)rank.communicator.wait_any({}); }},
    {"top-k", [](const Rank&) { (void)lockstep::compression::TopK(0); }},
    {"qsgd", [](const Rank&) { (void)lockstep::compression::Qsgd(0); }},
    {"low-rank",
     [](const Rank&) {
         const std::vector<lockstep::Block> blocks{{0, 4, 5}};
         (void)lockstep::compression::LowRank(blocks, 0);
     }},
    {"number", [](const Rank& rank) { (void)rank.number("case"); }},
    {"group", [](const Rank& rank) { (void)lockstep::Group(rank.communicator, 0, 1, 99); }},
    {"undeclared", [](const Rank& rank) { (void)rank.whole("size"); }},
    {"text", [](const Rank& rank) { (void)rank.whole("case"); }},
};

void misuse(const Rank& rank) {
    for (const Case& one : cases)
        if (rank.text("case") == one.name) return one.run(rank);
    throw lockstep::InputError("--case: there is no " + rank.text("case"));
}

}  // namespace

int main(int count, char** arguments) {
    std::vector<lockstep::Option> options{{"case", "NAME", "", "What."}};
    const std::string last = count > 1 ? arguments[count - 1] : "";
    if (last == "shadows") options.push_back({"latency", "TIME", "", "Of ours."});
    if (last == "twice") options.push_back(options.front());
    return lockstep::run_ranks(count, arguments, {"misuse", "does something wrong", options, misuse});
}
