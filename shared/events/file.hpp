#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/event.hpp"

namespace lockstep::events {

inline constexpr std::string_view file_format = "lockstep-events-1";

/// The first line of an event file. docs/formats/events.md
struct Header {
    std::size_t rank = 0;
    std::size_t ranks = 1;
    std::size_t workers = 1;
    bool simulated = false;
    double start_s = 0;  ///< of the timed part, by this rank's clock
};

/// A rank's file, written as the run goes on. In memory are at most `buffered_events`, and in real runs at
/// most those of the last `buffered_s` before the last event, by the events' own times; whatever was written
/// before a run is killed stays readable. The folder must exist. The file is opened for each write,
/// so that thousands of simulated ranks of one process need no more than one descriptor.
///
/// Errors: EnvironmentError naming the file where the disk refuses. The destructor writes what is left and
/// swallows that.
class FileWriter {
  public:
    /// Makes the file, empty, in place of an older one.
    explicit FileWriter(std::filesystem::path path);
    /// The same, and begins it.
    FileWriter(std::filesystem::path path, const Header& header);
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;
    ~FileWriter();

    /// The first line, to be written with the first events.
    void begin(const Header& header);
    void add(const Event& event) {
        buffer_.push_back(event);
        if (buffer_.size() == buffered_events || is_late(event)) flush();
    }
    void flush();

    static constexpr std::size_t buffered_events = 512;
    static constexpr double buffered_s = 1;

  private:
    /// Simulated runs take little time, whatever their events say.
    bool is_late(const Event& event) const {
        return is_real_ && last_moment_s(event) > written_s_ + buffered_s;
    }
    void append(std::span<const std::byte> bytes);

    std::filesystem::path path_;
    std::string first_line_;  ///< until it is written
    std::vector<Event> buffer_;
    bool is_real_ = false;
    double written_s_ = 0;  ///< all until then is on disk
};

/// What one rank left.
struct RankEvents {
    Header header;
    std::vector<Event> events;
    bool complete = false;  ///< the rank came to its end, and its file too
};

/// Where a run's rank keeps its events: `DIR/events/rank-3.events`.
std::filesystem::path event_file(const std::filesystem::path& run, std::size_t rank);

/// Removes the event files of an earlier run, and their folder where nothing else is in it. Errors:
/// EnvironmentError naming the file.
void remove_event_files(const std::filesystem::path& run);

/// Reads a file. Of one that was cut off, all whole records. Errors: InputError naming the file where it is
/// missing, no event file, of another version, or holds a record that is none or comes after the rank's end.
RankEvents read_events(const std::filesystem::path& path);

/// The files of all ranks of the run in this folder, by rank. Errors: as above, and InputError where files of
/// ranks are missing or of different runs.
std::vector<RankEvents> read_run_events(const std::filesystem::path& run);

/// The same of a run that was killed or whose files are damaged: each rank on its own, with no events where
/// its file cannot be read, and those before the first record that is refused. `problems` gets a line for
/// each of the first files that are not complete or missing, and the numbers of the others. Errors:
/// InputError where no file can be read, or more than 4096 are missing.
std::vector<RankEvents> read_usable_run_events(const std::filesystem::path& run,
                                               std::vector<std::string>& problems);

}  // namespace lockstep::events
