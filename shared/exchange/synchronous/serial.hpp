#pragma once

#include <optional>

#include "exchange/method.hpp"

namespace lockstep::exchange {

/// One worker, no messages: plain SGD, the reference for everything else.
class Serial final : public MethodOf<Serial> {
  public:
    static constexpr MethodTraits about{
        .name = "serial", .summary = "one worker, no communication", .is_alone = true};
    using MethodOf::MethodOf;

    void check(const Team& team) const override;
    std::optional<comm::Traffic> traffic(const Work& work) const override;
    void train(Participant& participant) const override;
};

}  // namespace lockstep::exchange
