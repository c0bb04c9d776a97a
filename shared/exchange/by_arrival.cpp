// The exchange is parameter_server.cpp in order of arrival; see there for the trace and why it cannot
// deadlock.
#include "exchange/by_arrival.hpp"

#include "exchange/parameter_server.hpp"

namespace lockstep::exchange {

void by_arrival(Participant& participant) {
    if (participant.is_server()) return serve(participant, ServingOrder::arrival);
    work_with_server(participant);
}

}  // namespace lockstep::exchange
