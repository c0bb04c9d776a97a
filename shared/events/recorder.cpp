#include "events/recorder.hpp"

namespace lockstep::events {

void Recorder::open(const std::filesystem::path& file) {
    file_.emplace(file);
}

void Recorder::start(const Header& header, const std::optional<Event>& clock) {
    is_on_ = true;
    if (file_) file_->begin(header);
    if (clock) append(*clock);
    flush();
}

void Recorder::record(const Event& event) {
    totals_.add(event);
    append(event);
}

void Recorder::append(const Event& event) {
    if (file_) file_->add(event);
}

void Recorder::flush() {
    if (file_) file_->flush();
}

}  // namespace lockstep::events
