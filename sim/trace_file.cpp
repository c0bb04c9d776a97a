#include "sim/trace_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/temporary_file.hpp"

namespace lockstep::sim {
namespace {

constexpr int patience_ms = 50;  ///< after which it is seen that nothing more will be wanted

}  // namespace

TraceFile::TraceFile(const std::string& path) : file_(path) {
    base::remove_leftovers(std::filesystem::path(path).parent_path());
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw base::EnvironmentError(fmt::format("{}: no pipe to write it: {}", path, std::strerror(errno)));
    source_ = base::Descriptor(ends[0]);
    target_ = base::Descriptor(ends[1]);
    try {
        receiver_ = std::jthread([this](const std::stop_token& stop) { receive(stop); });
    } catch (const std::system_error& problem) {
        throw base::EnvironmentError(
            fmt::format("{}: no thread to write it: {}", path, problem.code().message()));
    }
}

std::string TraceFile::pipe() const {
    return fmt::format("/proc/self/fd/{}", target_.number());
}

void TraceFile::receive(const std::stop_token& stop) {
    std::array<char, 65536> piece{};
    while (!stop.stop_requested()) {
        pollfd source{source_.number(), POLLIN, 0};
        if (::poll(&source, 1, patience_ms) <= 0) continue;
        const ssize_t got = ::read(source_.number(), piece.data(), piece.size());
        if (got == 0) return;
        if (got > 0) file_.write({piece.data(), static_cast<std::size_t>(got)});
    }
}

void TraceFile::commit() {
    target_ = base::Descriptor();
    receiver_.join();
    file_.commit();
}

}  // namespace lockstep::sim
