#include "events/activity_totals.hpp"

namespace lockstep::events {

void ActivityTotals::add(Activity activity, std::uint32_t peer, const ActivityTotal& more) {
    ActivityTotal& total = totals_[{activity, peer}];
    total.number += more.number;
    total.total_s += more.total_s;
    total.bytes += more.bytes;
}

void ActivityTotals::add(const Event& event) {
    const double duration_s = event.end_s - event.begin_s;
    switch (event.kind) {
        case Kind::compute:
            return add(Activity::compute, no_peer, {1, duration_s, 0});
        case Kind::in_library:
            return add(Activity::collective, no_peer, {1, duration_s, 0});
        case Kind::send_started:
            return add(Activity::send, event.peer, {1, 0, event.bytes});
        case Kind::arrived:
            return add(Activity::receive, event.peer, {1, 0, event.bytes});
        case Kind::apply:
            return add(Activity::apply, event.peer, {1, 0, 0});
        case Kind::evaluate:
            return add(Activity::evaluate, no_peer, {1, 0, 0});
        case Kind::receive_started:
        case Kind::blocked_sending:
        case Kind::blocked_receiving:
        case Kind::clock:
        case Kind::end:
            return;
    }
}

void ActivityTotals::add(std::span<const ActivityRow> rows) {
    for (const ActivityRow& row : rows) add(row.activity, row.peer, row.total);
}

std::vector<ActivityRow> ActivityTotals::rows(std::size_t rank) const {
    std::vector<ActivityRow> rows;
    rows.reserve(totals_.size());
    for (const auto& [key, total] : totals_)
        rows.push_back({static_cast<std::uint32_t>(rank), key.first, key.second, total});
    return rows;
}

}  // namespace lockstep::events
