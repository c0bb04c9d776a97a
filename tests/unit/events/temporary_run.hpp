#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

#include "events/file.hpp"
#include "tests/support/catch.hpp"

namespace lockstep::test {

/// A folder such as --out names, with one for events in it; removed in the end.
struct TemporaryRun {
    std::filesystem::path path;
    TemporaryRun() {
        std::string name = (std::filesystem::temp_directory_path() / "lockstep-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
        std::filesystem::create_directories(path / "events");
    }
    TemporaryRun(const TemporaryRun&) = delete;
    TemporaryRun& operator=(const TemporaryRun&) = delete;
    ~TemporaryRun() { std::filesystem::remove_all(path); }

    std::filesystem::path file(std::size_t rank) const { return events::event_file(path, rank); }
};

inline events::Event event(events::Kind kind, double begin_s, double end_s = 0) {
    events::Event event;
    event.kind = kind;
    event.begin_s = begin_s;
    event.end_s = end_s;
    return event;
}

inline events::Event message(events::Kind kind, std::uint32_t peer, std::uint64_t sequence, double begin_s,
                             double end_s = 0) {
    events::Event message = event(kind, begin_s, end_s);
    message.peer = peer;
    message.sequence = sequence;
    return message;
}

}  // namespace lockstep::test
