#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "exchange/averaging.hpp"
#include "exchange/local_steps.hpp"

namespace lockstep::exchange {

struct PostLocalSgdOptions {
    std::size_t synchronous_epochs = 1;

    bool operator==(const PostLocalSgdOptions&) const = default;
    static std::vector<option::Option<PostLocalSgdOptions>> options();
};

/// Post-local SGD (Lin et al. 2020, 1808.07217): averages after every step for the first epochs
/// (`--synchronous-epochs`), then as local_sgd, periods counted from there.
///
/// Cost: one allreduce of the parameter vector a step, later one every H steps.
class PostLocalSgd final : public SummingMethod<PostLocalSgd, PostLocalSgdOptions, LocalSteps> {
  public:
    static constexpr MethodTraits about{.name = "post-local-sgd",
                                        .summary = "averages every step at first, then as local-sgd",
                                        .holder = Holder::by_meetings};
    using SummingMethod::SummingMethod;

    std::optional<comm::Traffic> traffic(const Work& work) const override;
    std::vector<UpdateKernel> worker_updates(const Optimising& optimising, const Work& work) const override;
    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
