#pragma once

#include <optional>

#include "exchange/participant.hpp"
#include "exchange/work.hpp"

namespace lockstep::exchange {

/// n-softsync of Zhang, Gupta, Lian, Liu 2016 (1511.05950), which is K-async SGD of Dutta et al. 2018: a
/// server waits for K = workers / n gradients (`--splitting` n), whoever they are from, steps by their mean,
/// and answers their workers. n = 1 is synchronous SGD on the mean gradient; n = c is plain asynchronous SGD.
/// The step's learning rate is that of the mean number of these workers' steps.
///
/// Cost: two messages of B bytes a gradient; on the server (K + 2) n operations a step (K = 1: 2 n).
void softsync(Participant& participant);

std::optional<comm::Traffic> softsync_traffic(const scenario::Config& config, const Work& work);

}  // namespace lockstep::exchange
