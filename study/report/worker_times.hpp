#pragma once

#include <optional>
#include <string>
#include <vector>

#include "result/result.hpp"

namespace lockstep::study {

/// Figures of a run from which its limit is read.

/// The workers that have a time; no servers.
std::vector<const result::Worker*> workers_of(const result::Result& result);

/// Of the time of all of these workers together.
struct TimeShares {
    double compute = 0, wait = 0, transfer = 0, other = 0;
};
TimeShares shares_of(const std::vector<const result::Worker*>& workers);
/// `12.5 %`; what is below 0 by rounding is none.
std::string percent_of_time(double share);

/// The worker with the most of something, and how many times the median worker's that is. The median of an
/// even number is the lower one: of two workers the other one's.
struct Slowest {
    const result::Worker* worker = nullptr;
    double times_median = 1;
};
Slowest slowest_by(const std::vector<const result::Worker*>& workers,
                   double (*measure)(const result::Worker&));

/// Seconds of computing for a step; 0 without steps.
double compute_of_step(const result::Worker& worker);

/// Whether the run was simulated on a star whose links all have the same latency and bandwidth, the servers'
/// too.
bool is_star_of_equal_links(const result::Result& result);

/// The share of the run that a worker's messages would be in transfer if each had the workers' network for
/// itself: with one server every message is of one worker. Nothing where the run does not tell: no or several
/// servers, links that are unlike, a platform of another kind.
std::optional<double> transfer_alone(const result::Result& result);

/// The largest share of its time that a server computes.
double server_computing(const result::Result& result);

}  // namespace lockstep::study
