// Every worker steps on its own and keeps close to the others by averaging with its neighbours in a graph,
// once a step. Nobody waits for, or sends to, more than its neighbours, whatever the number of workers; what
// one worker has learnt reaches the others step by step. W is doubly stochastic, so the mean of all x_i obeys
// mean -= eta mean g_i at every step; how fast the x_i approach each other is W's second largest eigenvalue.
//
// On 3 workers in a ring, all weights 1/3, x = 3 on each, eta g_i = 0, 3, 6 on workers 0, 1, 2 in every step:
//   combine-then-adapt: combined 3 3 3, x = 3 0 -3;  combined 0 0 0, x = 0 -3 -6;  the mean goes 3, 0, -3
//   adapt-then-combine: adapted 3 0 -3, x = 0 0 0;   adapted 0 -3 -6, x = -3 -3 -3;        likewise
// On a complete graph, as this ring is, adapt-then-combine is sync-average. Combine-then-adapt is not: its
// gradients are taken at the workers' own x_i, which differ by a step.
//
// Nor do both bear the same learning rates. Where the loss has curvature h, a mode of disagreement to which W
// gives the eigenvalue l shrinks by l - eta h a step in the first order, which is unstable from eta h = 1 + l
// on: for the smallest l, 1 down to 2/3 on rings, 2 / (d + 1) on hypercubes. In the second order it is
// l (1 - eta h), no worse than one worker alone (Tu, Sayed 2012, 1205.3993, who call the first one
// consensus).
//
// A sum is formed in the order of ranks, its own x_i among them, whatever the order of arrival: the same bits
// in both worlds. Weights that are no powers of two round, so equal x_i are not kept to the bit.
//
// x is sent as it is and changes only when all sends of the round are done; the sum goes to another buffer.
//
// No deadlock: in each round a worker opens all its receives and starts all its sends before it waits for
// any, and each of these messages has its partner in the same round of a neighbour. So if all workers get to
// a round, all get through it. Nothing is stale: the gradient of step k enters the x_i that step k makes.
//
// A worker that is late holds up its neighbours in the next round, theirs in the one after, and so on: both
// those that wait for its message and, in a directed graph, those whose message it has not yet received.
#include "exchange/decentralised/gossip.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

/// x_i = sum_j W_ij x_j, of the x_j that have come from others.
class Combination {
  public:
    Combination(const Neighbours& around, std::size_t rank, std::size_t values) : weight_(around.weight()) {
        for (std::size_t i = 0; i < around.sources.size(); ++i)
            inboxes_.push_back(backend::make_buffer(values));
        const auto place = std::ranges::lower_bound(around.sources, rank);
        before_me_ = static_cast<std::size_t>(place - around.sources.begin());
    }

    std::vector<base::FloatBuffer>& inboxes() { return inboxes_; }

    void operator()(std::span<const float> x, std::span<float> mixed) const {
        backend::compute({flops(inboxes_.size(), x.size()), backend::Kind::update},
                         [&] { add_up(x, mixed); });
    }
    static double flops(std::size_t sources, std::size_t values) {
        return 2 * static_cast<double>(sources + 1) * static_cast<double>(values);
    }

  private:
    void add_up(std::span<const float> x, std::span<float> mixed) const {
        std::ranges::fill(mixed, 0.0F);
        for (std::size_t i = 0; i < inboxes_.size(); ++i) {
            if (i == before_me_) base::add_scaled(mixed, x, weight_);
            base::add_scaled(mixed, inboxes_[i].span(), weight_);
        }
        if (before_me_ == inboxes_.size()) base::add_scaled(mixed, x, weight_);
    }

    float weight_;
    std::vector<base::FloatBuffer> inboxes_;
    std::size_t before_me_ = 0;  ///< sources of lower rank
};

/// One worker's part of it.
class Mixing {
  public:
    Mixing(Participant& participant, const Graph& graph)
        : communicator_(participant.communicator),
          neighbours_(neighbours(graph, participant.workers(), participant.rank())),
          receives_(neighbours_.sources.size()),
          sends_(neighbours_.targets.size()),
          combine_(neighbours_, participant.rank(), participant.start.size()) {}

    /// Sends x, which must stay as it is until `finish`.
    void start(std::span<const float> x) {
        for (std::size_t i = 0; i < sends_.size(); ++i)
            sends_[i] = communicator_.start_send(x, neighbours_.targets[i]);
        for (std::size_t i = 0; i < receives_.size(); ++i)
            receives_[i] = communicator_.start_receive(combine_.inboxes()[i], neighbours_.sources[i]);
    }

    void finish(std::span<const float> x, std::span<float> mixed) {
        if (receives_.empty()) return copy_values(mixed, x);
        for (comm::Request& receive : receives_) communicator_.wait(receive);
        for (comm::Request& send : sends_) communicator_.wait(send);
        combine_(x, mixed);
    }

  private:
    comm::Communicator& communicator_;
    Neighbours neighbours_;
    std::vector<comm::Request> receives_;
    std::vector<comm::Request> sends_;
    Combination combine_;
};

}  // namespace

std::vector<option::Option<GossipOptions>> GossipOptions::options() {
    return {{"graph", option::choice(&GossipOptions::graph), "Of the neighbours in gossip."},
            {"gossip-order", option::choice(&GossipOptions::gossip_order),
             "combine-then-adapt: neighbours' parameters are averaged while the gradient is computed "
             "(D-PSGD); adapt-then-combine: after the step."}};
}

void Gossip::check(const Team& team) const {
    if (const std::string_view needs = graph->needs(team.workers); !needs.empty())
        throw base::InputError("--graph", graph.name(), needs,
                               fmt::format("there are {} workers", team.workers));
}

void Gossip::train(Participant& participant) const {
    LocalTraining& training = participant.training;
    const bool combines_first = gossip_order == GossipOrder::combine_then_adapt;
    const std::size_t values = participant.start.size();
    Mixing mixing(participant, graph);
    const auto optimiser = participant.team.optimising.make(combines_first ? values : 0);
    base::FloatBuffer x = travelling_copy(participant.start);
    base::FloatBuffer mixed = backend::make_buffer(values);
    base::FloatBuffer gradient = backend::make_buffer(combines_first ? values : 0);
    std::uint64_t step = 0;
    const Kept keeps_step(participant.leg, "step", step);
    const Kept keeps_x(participant.leg, "x", x);
    const Kept keeps_optimiser(participant.leg, "optimiser", *optimiser);
    for (; participant.takes(step); ++step) {
        if (!combines_first) training.step(step, x);
        mixing.start(x);
        if (combines_first) training.gradient(step, x, gradient);
        mixing.finish(x, mixed);
        if (combines_first) optimiser->apply(mixed, gradient, training.learning_rate(step));
        std::swap(x, mixed);
        participant.journal.applied({participant.rank(), step, step, step});
        participant.journal.worker_share(step + 1, x);
        participant.journal.own_parameters(step, x);
    }
}

std::vector<UpdateKernel> Gossip::worker_updates(const Optimising& optimising, const Work& work) const {
    auto kernels = gossip_order == GossipOrder::combine_then_adapt
                       ? std::vector<UpdateKernel>{optimising.kernel(work.values, 1)}
                       : Method::optimiser_updates(optimising, work);
    const Neighbours around = neighbours(graph, work.workers, 0);
    if (around.sources.empty()) return kernels;
    const auto begin = [around](std::span<const float> start) -> UpdateKernel::Action {
        const auto combine = std::make_shared<Combination>(around, std::size_t{0}, start.size());
        const auto mixed = std::make_shared<base::FloatBuffer>(backend::make_buffer(start.size()));
        return [combine, mixed](std::span<float> x) { (*combine)(x, *mixed); };
    };
    kernels.push_back(
        {"mean of neighbours", 1, Combination::flops(around.sources.size(), work.values), begin});
    return kernels;
}

std::optional<comm::Traffic> Gossip::traffic(const Work& work) const {
    const std::uint64_t messages = work.all_steps() * degree(graph, work.workers);
    return comm::Traffic{messages, messages * 4 * work.values};
}

void Gossip::for_each_pair(std::size_t workers, comm::PairVisitor visit) const {
    for (std::size_t worker = 0; worker < workers; ++worker)
        for (const std::size_t target : neighbours(graph, workers, worker).targets) visit(worker, target);
}

}  // namespace lockstep::exchange
