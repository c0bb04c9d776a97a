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
        const auto values = static_cast<double>(v.size());
        if (!is_adaptive_)
            return backend::compute(5 * values, [&] { base::compensate(gradient, v, w, lambda_); });
        backend::compute(11 * values,
                         [&] { base::compensate_adaptively(gradient, v, w, lambda_, mean_square_, decay_); });
    }

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
