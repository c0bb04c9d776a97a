// What it costs a rank to tell of an event: with --events none, summary and full, in turn; the shortest of
// many repetitions, which other programs on the machine disturb least. Usage: bench_recorder [FOLDER]
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "events/recorder.hpp"

namespace {

using namespace lockstep::events;

constexpr std::size_t events = 100'000;
constexpr int repetitions = 50;
constexpr std::uint32_t peers = 8;

/// Nanoseconds an event: messages to some partners, with the time that they were blocked.
double cost_ns(Recorder& recorder) {
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < events; ++i) {
        Event event;
        event.kind = i % 2 == 0 ? Kind::send_started : Kind::blocked_sending;
        event.peer = static_cast<std::uint32_t>(i / 2 % peers);
        event.sequence = i / 2;
        event.begin_s = static_cast<double>(i);
        recorder.add(event);
    }
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
    return took.count() / events;
}

}  // namespace

int main(int count, char** arguments) {
    const std::filesystem::path folder = count > 1 ? arguments[1] : std::filesystem::temp_directory_path();
    const std::filesystem::path file = folder / "bench_recorder.events";
    constexpr std::array<std::string_view, 3> names{"none", "summary", "full"};
    std::array<double, 3> shortest_ns{};
    shortest_ns.fill(std::numeric_limits<double>::infinity());
    for (int repetition = 0; repetition < repetitions; ++repetition)
        for (std::size_t what = 0; what < names.size(); ++what) {
            Recorder recorder;
            if (what == 2) recorder.open(file);
            if (what > 0) recorder.start(Header{});
            shortest_ns[what] = std::min(shortest_ns[what], cost_ns(recorder));
        }
    for (std::size_t what = 0; what < names.size(); ++what)
        fmt::print("--events {:8}{:6.1f} ns an event\n", names[what], shortest_ns[what]);
    std::filesystem::remove(file);
}
