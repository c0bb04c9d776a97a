#include "events/event.hpp"

namespace lockstep::events {

std::string_view name(Kind kind) {
    constexpr std::string_view names[kind_count]{"compute",
                                                 "send_started",
                                                 "receive_started",
                                                 "arrived",
                                                 "blocked_sending",
                                                 "blocked_receiving",
                                                 "in_library",
                                                 "apply",
                                                 "evaluate",
                                                 "clock",
                                                 "end"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name(Phase phase) {
    return phase == Phase::training ? "training" : "exchange";
}

std::string_view name(Activity activity) {
    constexpr std::string_view names[]{"compute",    "send",  "receive", "wait",
                                       "collective", "apply", "evaluate"};
    return names[static_cast<std::size_t>(activity)];
}

}  // namespace lockstep::events
