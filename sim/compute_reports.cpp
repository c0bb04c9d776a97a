#include "sim/compute_reports.hpp"

#include <utility>

namespace lockstep::sim {

void ComputeReports::observe(backend::ComputeObserver* observer) {
    close();
    observer_ = observer;
}

void ComputeReports::add(backend::Kind kind, double begin_s, double end_s) {
    if (observer_ == nullptr || end_s <= begin_s) return;
    if (open_ && open_->kind == kind && open_->end_s == begin_s) {
        open_->end_s = end_s;
        return;
    }
    close();
    open_ = {kind, begin_s, end_s};
}

void ComputeReports::close() {
    const std::optional<Piece> piece = std::exchange(open_, std::nullopt);
    if (piece && observer_ != nullptr) observer_->computed(piece->kind, piece->begin_s, piece->end_s);
}

}  // namespace lockstep::sim
