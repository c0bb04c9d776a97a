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
#include "base/vector_math.hpp"
#include "exchange/server/gradient_server.hpp"
#include "exchange/server/server_links.hpp"

namespace lockstep::exchange {
namespace {

class DelayCompensation {
  public:
    DelayCompensation(const scenario::Config& config, std::size_t values)
        : lambda_(static_cast<float>(config.compensation)),
          decay_(static_cast<float>(config.compensation_decay)),
          is_adaptive_(config.compensation_rule == scenario::Compensation::adaptive) {
        if (is_adaptive_) mean_square_ = backend::make_buffer(values);
    }

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

void serve_compensated(Participant& participant) {
    ServerRank server(participant);
    GradientSteps step(participant, server);
    DelayCompensation compensation(participant.config, server.v().size());
    server.serve(ServingOrder::arrival, [&](std::size_t worker) {
        compensation.apply(step.gradient(worker), server.v(), server.slot(worker).sent);
        step.by_one(worker);
        server.reply(worker);
    });
}

}  // namespace

void dc_asgd(Participant& participant) {
    if (participant.is_server()) return serve_compensated(participant);
    work_with_gradient_server(participant);
}

std::optional<comm::Traffic> dc_asgd_traffic(const scenario::Config& config, const Work& work) {
    const std::uint64_t steps = work.steps * config.workers;
    return served_traffic(config, work, steps, steps);
}

}  // namespace lockstep::exchange
