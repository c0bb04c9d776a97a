#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Asynchronous SGD with delay compensation (Zheng et al. 2017, 1609.08326, algorithm 2): a gradient g that a
/// worker took at w, the v that it got last, enters v as
///
///     v -= rate (g + lambda g*g*(v - w))
///
/// since g*g estimates the diagonal of the Hessian, along which the gradient has changed from w to v.
/// Adaptive (`--compensation-rule`): lambda / sqrt(mean square + 1e-7) for each value, with
/// mean square = m mean square + (1 - m) g*g, from 0. lambda = 0 is plain asynchronous SGD, no delay plain
/// SGD.
///
/// Cost: two messages of B bytes a step; on the server 7 n operations (adaptive 13 n; lambda = 0: 2 n).
void dc_asgd(Participant& participant);

std::optional<comm::Traffic> dc_asgd_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
