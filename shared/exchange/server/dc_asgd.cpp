// A gradient that comes late belongs to an older v; the server knows both that v and this one, and corrects
// the gradient by the first term of its Taylor series between them.
//
// On workers 0, 1 and server S, rate 1, lambda 0.5, v0 = 10:
//   0: g = 2 at 10 -> S: no delay: v1 = 10 - (2 + 0.5 * 4 * 0) = 8;  S -> 0
//   1: g = 2 at 10 -> S: v2 = 8 - (2 + 0.5 * 4 * (8 - 10)) = 8 - (2 - 4) = 10;  S -> 1
//
// No deadlock: see server_rank.cpp. Staleness is that of by-arrival: c - 1 on average, unbounded in the
// single case.
#include "exchange/server/dc_asgd.hpp"

#include <memory>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

class DelayCompensation {
  public:
    DelayCompensation(const DcAsgdOptions& options, std::size_t values)
        : lambda_(static_cast<float>(options.compensation)),
          decay_(static_cast<float>(options.compensation_decay)),
          is_adaptive_(options.compensation_rule == Compensation::adaptive) {
        if (is_adaptive_) mean_square_ = backend::make_buffer(values);
    }

    std::span<float> memory() { return mean_square_; }

    /// Of a gradient that was taken at `w`, while v is this now.
    void apply(std::span<float> gradient, std::span<const float> v, std::span<const float> w) {
        if (lambda_ == 0) return;
        backend::compute({flops(is_adaptive_) * static_cast<double>(v.size()), backend::Kind::update}, [&] {
            if (is_adaptive_)
                base::compensate_adaptively(gradient, v, w, lambda_, mean_square_, decay_);
            else
                base::compensate(gradient, v, w, lambda_);
        });
    }

    /// A value.
    static double flops(bool is_adaptive) { return is_adaptive ? 11 : 5; }

  private:
    float lambda_;
    float decay_;
    bool is_adaptive_;
    base::FloatBuffer mean_square_;
};

}  // namespace

std::vector<option::Option<DcAsgdOptions>> DcAsgdOptions::options() {
    return {{"compensation", option::of(&DcAsgdOptions::compensation, option::non_negative_real()),
             "Lambda of dc-asgd: how much of gradient^2 times the delay's drift corrects a gradient."},
            {"compensation-rule", option::choice(&DcAsgdOptions::compensation_rule),
             "constant: lambda as given; adaptive: divided by the root of the gradients' mean square."},
            {"compensation-decay", option::of(&DcAsgdOptions::compensation_decay, option::proper_fraction()),
             "Of that mean square.", "with --compensation-rule adaptive",
             [](const DcAsgdOptions& chosen) { return chosen.compensation_rule == Compensation::adaptive; }}};
}

void DcAsgd::check(const Team& /*team*/) const {
    if (!compression->keeps_size)
        throw base::InputError("--compression", compression.name(),
                               Compression::names_where([](const CompressionRow& row) {
                                   return row.keeps_size;
                               }) + " with --method dc-asgd",
                               "what it corrects are gradients of the size they have");
    check_compressing(*this, servers, *this);
}

std::vector<UpdateKernel> DcAsgd::server_updates(const Optimising& optimising, const Work& work) const {
    auto kernels = GradientMethod::server_updates(optimising, work);
    if (static_cast<float>(compensation) == 0) return kernels;  // as DelayCompensation has it
    const auto begin = [this](std::span<const float> start) -> UpdateKernel::Action {
        const auto delay = std::make_shared<DelayCompensation>(*this, start.size());
        const auto v = std::make_shared<base::FloatBuffer>(travelling_copy(start));
        const auto w = std::make_shared<base::FloatBuffer>(backend::make_buffer(start.size()));
        return [delay, v, w](std::span<float> gradient) { delay->apply(gradient, *v, *w); };
    };
    const bool is_adaptive = compensation_rule == Compensation::adaptive;
    const double flops = DelayCompensation::flops(is_adaptive) * static_cast<double>(work.values);
    kernels.push_back({is_adaptive ? "adaptive compensation" : "compensation",
                       static_cast<double>(work.workers), flops, begin});
    return kernels;
}

void DcAsgd::serve(Participant& participant) const {
    ServerRank server(participant, serving());
    GradientSteps step(participant, server, *this, *this);
    DelayCompensation delay(*this, server.v().size());
    std::span<float> mean_square = delay.memory();
    const Kept keeps_mean_square(participant.leg, "mean square", mean_square);
    server.serve(ServingOrder::arrival, [&](std::size_t worker) {
        delay.apply(step.gradient(worker), server.v(), server.slot(worker).sent);
        step.by_one(worker);
        server.reply(worker);
    });
}

}  // namespace lockstep::exchange
