#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// Elastic averaging SGD (Zhang, Choromanska, LeCun 2015, 1412.6651): workers step on their own x_i, and
/// every --period steps x_i and the shared v approach each other by a share a of their distance
/// (`--elasticity`; 0.9 / c unless given), all by old values. An elastic step leaves v + sum x_i as it was.
///
/// * `--server none`, synchronous (section 3): all ranks keep the same v; x_i -= a (x_i - v),
///   v += a (sum x_i - c v), every H steps and after the last. One allreduce of B bytes, 7 n operations a
///   rank.
/// * `--server dedicated`, asynchronous (algorithm 1): the worker sends x_i, the server replies with v as it
///   is and then does v += a (x_i - v), the worker x_i -= a (x_i - v). Workers share c times the steps of
///   one, as in by-arrival. Two messages of B bytes every H steps, 3 n operations at either end.
///
/// With --optimiser nesterov it is EAMSGD (algorithm 2), each worker with its own velocity.
void easgd(Participant& participant);

std::optional<comm::Traffic> easgd_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
