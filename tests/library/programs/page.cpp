// The pieces of docs/library.md that are in no example: compiled, and run.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <lockstep/compression/top_k.hpp>
#include <lockstep/lockstep.hpp>

#include "odd_even.hpp"

namespace {

constexpr std::size_t values = 20;

void pull(std::span<const float> w, std::span<float> gradient) {
    for (std::size_t i = 0; i < w.size(); ++i) gradient[i] += w[i] - 1;
}

lockstep::GradientTraining make_training() {
    return {values, {.steps = 30}, [](std::uint64_t, std::span<const float> w, std::span<float> gradient) {
                pull(w, gradient);
            }};
}

// A training that is more than a gradient.
class Annealing final : public lockstep::LocalTraining {
  public:
    std::uint64_t steps() const override { return 200; }
    float learning_rate(std::uint64_t step) const override {
        return 0.1F / std::sqrt(1.0F + static_cast<float>(step));
    }
    std::span<const lockstep::Block> blocks() const override { return blocks_; }

    using lockstep::LocalTraining::gradient;
    void gradient(std::uint64_t /*step*/, std::span<const float> w, std::span<float> gradient) override {
        const double flops = 2.0 * static_cast<double>(w.size());
        lockstep::compute({flops, lockstep::backend::Kind::model}, [&] {
            std::ranges::fill(gradient, 0.0F);
            pull(w, gradient);
        });
    }
    void step(std::uint64_t step, std::span<float> w) override {
        gradient(step, w, scratch_);
        lockstep::compute(2.0 * static_cast<double>(w.size()),
                          [&] { lockstep::base::descend(w, scratch_, learning_rate(step)); });
    }

  private:
    std::vector<lockstep::Block> blocks_{{0, 4, 5}};  // a matrix of 4 x 5
    lockstep::FloatBuffer scratch_ = lockstep::make_buffer(values);
};

// What options look like, and how a method that sums uses the collectives.
struct EveryOptions {
    std::size_t every = 4;  ///< steps between two averages

    static std::vector<lockstep::option::Option<EveryOptions>> options() {
        return {{"every",
                 {&EveryOptions::every, lockstep::option::whole(lockstep::option::from_one)},
                 "Steps between averages."}};
    }
};

class AverageEvery final : public lockstep::SummingMethod<AverageEvery, EveryOptions> {
  public:
    static constexpr lockstep::MethodTraits about{.name = "average-every",
                                                  .summary = "an average now and then",
                                                  .holder = lockstep::Holder::by_meetings};
    using SummingMethod::SummingMethod;

    std::optional<lockstep::Traffic> traffic(const lockstep::Work& work) const override {
        return Summing::traffic(work.workers, work.steps / every, work.values);
    }

    void check(const lockstep::Team& team) const override {
        if (team.workers < 2)
            throw lockstep::InputError("average-every: one worker has nobody to average with");
    }

    void train(lockstep::Participant& participant) const override {
        lockstep::Averaging average(*this, participant.group(), participant.start.size());
        lockstep::step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
            if (steps % every != 0) return false;
            average(w);
            return true;  // the same on all workers now
        });
    }
};

// A method with a server: it adds up what all send, and answers everybody.
class Central final : public lockstep::MethodOf<Central> {
  public:
    static constexpr lockstep::MethodTraits about{
        .name = "central", .summary = "a server averages", .server = lockstep::ServerUse::always};

    std::optional<lockstep::Traffic> traffic(const lockstep::Work& work) const override {
        return lockstep::Traffic{2 * work.all_steps(), 2 * work.all_steps() * 4 * work.values};
    }

    void train(lockstep::Participant& participant) const override {
        participant.is_server() ? serve(participant) : work(participant);
    }

  private:
    static void work(lockstep::Participant& participant) {
        lockstep::FloatBuffer w = lockstep::travelling_copy(participant.start);
        for (std::uint64_t step = 0; step < participant.training.steps(); ++step) {
            participant.training.step(step, w);
            participant.communicator.send(w, participant.server());
            participant.communicator.receive(w, participant.server());
            participant.journal.own_parameters(step, w);
        }
    }

    static void serve(lockstep::Participant& participant) {
        const std::size_t workers = participant.workers();
        const std::size_t values = participant.start.size();
        lockstep::FloatBuffer v = lockstep::make_buffer(values);
        lockstep::FloatBuffer inbox = lockstep::make_buffer(values);
        for (std::uint64_t step = 0; step < participant.training.steps(); ++step) {
            lockstep::compute(static_cast<double>(values), [&] { lockstep::base::scale(v, 0); });
            for (std::size_t worker = 0; worker < workers; ++worker) {
                participant.communicator.receive(inbox, worker);
                const float share = 1 / static_cast<float>(workers);
                lockstep::compute(2.0 * static_cast<double>(values),
                                  [&] { lockstep::base::add_scaled(v, inbox, share); });
                participant.journal.applied({worker, step, step, step});
            }
            for (std::size_t worker = 0; worker < workers; ++worker) participant.communicator.send(v, worker);
            participant.journal.shared_parameters(step + 1, v);
        }
    }
};

class Progress : public lockstep::Journal {
  public:
    void shared_parameters(std::uint64_t steps, std::span<const float> v) override {
        if (steps % 10 == 0)
            std::printf("after %llu steps: %.4f\n", static_cast<unsigned long long>(steps),
                        static_cast<double>(v[0]));
    }
};

void methods(const lockstep::Rank& rank) {
    auto training = make_training();
    const std::vector<float> start(values, 0.0F);
    lockstep::Communicator& communicator = rank.communicator;
    Progress progress;
    lockstep::train(communicator, training, OddEven(), start);
    lockstep::train(communicator, training, AverageEvery(EveryOptions{.every = 8}), start);
    lockstep::train(communicator, training, Central(), start, {.journal = &progress});
    lockstep::train(communicator, training,
                    lockstep::Allreduce(lockstep::Compressing{.compression = "top-k", .top_k = 0.1}), start);
    const lockstep::SlowMo slow(lockstep::SlowMoOptions{.slow_momentum = 0.5},
                                lockstep::LocalSteps{.period = {.steps = 16}});
    lockstep::train(communicator, training, slow, start, {.seed = 3, .checks = {.collective = true}});
    Annealing annealing;
    lockstep::train(communicator, annealing, lockstep::Allreduce(), start);
}

void messages(lockstep::Communicator& communicator) {
    // Point to point: counted, recorded, timed.
    std::vector<float> mine(values, 1.0F);
    std::vector<float> theirs(values);
    const std::size_t right = (communicator.rank() + 1) % communicator.size();
    const std::size_t left = (communicator.rank() + communicator.size() - 1) % communicator.size();
    communicator.send_receive(mine, right, theirs, left);

    // A sum over all ranks, by a collective with a closed form.
    const lockstep::Collective ring = "ring";
    ring->allreduce(communicator, mine, theirs);
    const auto cost = ring->cost(communicator.size(), values, {.alpha_s = 50e-6, .beta_s_per_B = 8e-9});
    if (communicator.rank() == 0)
        std::printf("%llu messages, %llu bytes, %.6f s\n", static_cast<unsigned long long>(cost.messages),
                    static_cast<unsigned long long>(cost.bytes), cost.time_s);
}

void codes() {
    const std::vector<float> gradient{0, -7, 0, 3};
    lockstep::compression::TopK top_k(0.5);
    lockstep::base::RandomStream draws(1, lockstep::base::Purpose::compression);
    std::vector<float> code(top_k.words(gradient.size()));
    top_k.encode(gradient, draws, code);
    std::vector<float> decoded(gradient.size());
    top_k.decode(code, decoded);
}

}  // namespace

int main(int count, char** arguments) {
    return lockstep::run_ranks(count, arguments,
                               {"page", "what the page shows", {}, [](const lockstep::Rank& rank) {
                                    methods(rank);
                                    messages(rank.communicator);
                                    codes();
                                }});
}
