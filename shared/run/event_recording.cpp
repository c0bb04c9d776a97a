#include "run/event_recording.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "events/file.hpp"

namespace lockstep::run {
namespace {

namespace fs = std::filesystem;

bool writes_events(const scenario::Config& config) {
    return config.events == scenario::Events::full;
}

void require(const std::error_code& problem, const fs::path& path) {
    if (problem)
        throw base::EnvironmentError(fmt::format("{}: cannot write: {}", path.string(), problem.message()));
}

void create_folder_of(const fs::path& file) {
    std::error_code problem;
    fs::create_directories(file.parent_path(), problem);
    require(problem, file.parent_path());
}

}  // namespace

void prepare_event_files(const scenario::Config& config) {
    if (!writes_events(config)) return;
    const fs::path folder = config.out;
    for (const char* name : {"result.json", "history.csv", "updates.csv", "activities.csv"}) {
        std::error_code problem;
        fs::remove(folder / name, problem);
        require(problem, folder / name);
    }
    events::remove_event_files(folder);
    create_folder_of(events::event_file(folder, 0));
}

EventRecording::EventRecording(comm::Communicator& communicator, const scenario::Config& config)
    : communicator_(communicator), config_(config) {
    if (!writes_events(config)) return;
    const fs::path file = events::event_file(config.out, communicator.rank());
    create_folder_of(file);  // ranks on other hosts may have disks of their own
    communicator.log().open(file);
}

EventRecording::~EventRecording() {
    disconnect();
}

void EventRecording::start(double start_s, const events::Clock& clock) {
    if (config_.events == scenario::Events::none) return;
    const bool simulated = backend::time_is_simulated();
    communicator_.log().start(
        {communicator_.rank(), communicator_.size(), config_.workers, simulated, start_s},
        simulated ? std::nullopt : std::optional(events::event_of(clock.last())));
    backend::observe_computing(this);
    connected_ = true;
}

void EventRecording::stop(double now_s) {
    if (!connected_) return;
    events::Event end;
    end.kind = events::Kind::end;
    end.begin_s = now_s;
    communicator_.log().add(end);
    disconnect();
    communicator_.log().flush();
}

void EventRecording::finish(const events::Clock& clock) {
    if (!backend::time_is_simulated()) communicator_.log().append(events::event_of(clock.last()));
    communicator_.log().flush();
}

void EventRecording::disconnect() {
    if (!connected_) return;
    connected_ = false;
    communicator_.log().stop();
    backend::observe_computing(nullptr);
}

void EventRecording::computed(backend::Kind kind, double begin_s, double end_s) {
    events::Event event;
    event.begin_s = begin_s;
    event.end_s = end_s;
    event.phase = kind == backend::Kind::model ? events::Phase::training : events::Phase::exchange;
    communicator_.log().add(event);
}

std::vector<events::ActivityRow> EventRecording::activities(const events::ActivityTotals& blocked) const {
    if (config_.events == scenario::Events::none) return {};
    const std::size_t rank = communicator_.rank();
    events::ActivityTotals all = communicator_.log().totals();
    all.add(blocked.rows(rank));
    return all.rows(rank);
}

}  // namespace lockstep::run
