#include "events/file.hpp"

#include <fstream>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::events {
namespace {

static_assert(std::is_trivially_copyable_v<Event> && sizeof(Event) == 64, "a record of the file format");

std::string first_line(const Header& header) {
    return fmt::format("{} rank={} ranks={} workers={} world={} start_s={}\n", file_format, header.rank,
                       header.ranks, header.workers, header.simulated ? "simulated" : "real", header.start_s);
}

}  // namespace

FileWriter::FileWriter(std::filesystem::path path) : path_(std::move(path)) {
    buffer_.reserve(buffered_events);
    std::error_code problem;
    std::filesystem::remove(path_, problem);
    append({});
}

FileWriter::FileWriter(std::filesystem::path path, const Header& header) : FileWriter(std::move(path)) {
    begin(header);
    flush();
}

void FileWriter::begin(const Header& header) {
    first_line_ = first_line(header);
    is_real_ = !header.simulated;
    written_s_ = header.start_s;
}

FileWriter::~FileWriter() {
    try {
        flush();
    } catch (const base::EnvironmentError&) {
        // The rank is being stopped by something else, which is reported.
    }
}

void FileWriter::flush() {
    if (const std::string line = std::exchange(first_line_, {}); !line.empty())
        append(std::as_bytes(std::span(line)));
    if (buffer_.empty()) return;
    const std::vector<Event> events = std::exchange(buffer_, {});
    written_s_ = last_moment_s(events.back());
    append(std::as_bytes(std::span(events)));
    buffer_.reserve(buffered_events);
}

void FileWriter::append(std::span<const std::byte> bytes) {
    std::ofstream file(path_, std::ios::binary | std::ios::app);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file)
        throw base::EnvironmentError(fmt::format("{}: cannot write: is the disk full?", path_.string()));
}

std::filesystem::path event_file(const std::filesystem::path& run, std::size_t rank) {
    return run / "events" / fmt::format("rank-{}.events", rank);
}

void remove_event_files(const std::filesystem::path& run) {
    const std::filesystem::path folder = run / "events";
    std::error_code problem;
    if (!std::filesystem::is_directory(folder, problem)) return;
    for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("rank-") || !name.ends_with(".events")) continue;
        std::filesystem::remove(entry.path(), problem);
        if (problem)
            throw base::EnvironmentError(
                fmt::format("{}: cannot remove: {}", entry.path().string(), problem.message()));
    }
    std::filesystem::remove(folder, problem);  // unless there is something else in it
}

}  // namespace lockstep::events
