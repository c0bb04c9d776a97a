#include "exchange/server/server_parts.hpp"

#include "option/values.hpp"

namespace lockstep::exchange {

std::vector<option::Option<ServerChoice>> ServerChoice::options() {
    return {{"server", option::choice(&ServerChoice::server),
             "Where the shared parameters of in-turn and easgd are. dedicated: on an extra rank; none: in "
             "in-turn they travel as a token from worker to worker, in easgd every worker has a copy and all "
             "exchange at once.",
             "(by-arrival always has a dedicated one, as its relatives do; the others never)"}};
}

std::vector<option::Option<ServerParts>> ServerParts::options() {
    return {{"servers", option::of(&ServerParts::servers, option::whole({1, 65536})),
             "Dedicated servers, each with its part of the shared parameters.",
             "(easgd with --server dedicated)"}};
}

}  // namespace lockstep::exchange
