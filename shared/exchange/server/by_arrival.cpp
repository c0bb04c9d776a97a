// The exchange is parameter_server.cpp in order of arrival; see there and in server_rank.cpp for the traces
// and why it cannot deadlock.
#include "exchange/server/by_arrival.hpp"

#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "exchange/server/grants.hpp"
#include "exchange/server/parameter_server.hpp"
#include "exchange/server/server_links.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {

std::vector<option::Option<ByArrivalOptions>> ByArrivalOptions::options() {
    return {{"push-every", option::of(&ByArrivalOptions::push_every, option::whole(option::from_one)),
             "Steps after which a worker of by-arrival sends its progress."},
            {"pull-every", option::of(&ByArrivalOptions::pull_every, option::whole(option::from_one)),
             "Steps after which it takes the shared parameters in exchange: a multiple of --push-every."}};
}

void ByArrival::check(const Team& /*team*/) const {
    if (pull_every % push_every != 0)
        throw base::InputError("--pull-every", std::to_string(pull_every),
                               fmt::format("a multiple of --push-every, which is {}", push_every));
    if (!update->is_additive && pull_every != push_every)
        throw base::InputError(
            "--pull-every", std::to_string(pull_every),
            fmt::format("the same as --push-every, which is {}, unless --update is delta", push_every));
    Updating::check(*this);
}

void ByArrival::train(Participant& participant) const {
    const ParameterServing serving{.order = ServingOrder::arrival,
                                   .updating = *this,
                                   .weighing = *this,
                                   .servers = servers,
                                   .intervals = {push_every, pull_every}};
    if (participant.is_server()) return serve(participant, serving);
    work_with_server(participant, serving);
}

std::vector<UpdateKernel> ByArrival::server_updates(const Optimising& /*optimising*/,
                                                    const Work& work) const {
    return Updating::kernels(work.values, work.workers - 1, *this,
                             static_cast<double>(work.workers) / static_cast<double>(push_every));
}

std::optional<comm::Traffic> ByArrival::traffic(const Work& work) const {
    const Grants grants(work.steps, work.workers, pull_every);
    return served_traffic({.servers = servers}, work, grants.pushes(push_every), grants.replies());
}

}  // namespace lockstep::exchange
