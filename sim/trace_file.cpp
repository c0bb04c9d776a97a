#include "sim/trace_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/temporary_file.hpp"

namespace lockstep::sim {
namespace {

constexpr int patience_ms = 50;  ///< after which it is seen that nothing more will be wanted

void close_once(int& descriptor) {
    if (const int open = std::exchange(descriptor, -1); open >= 0) ::close(open);
}

}  // namespace

TraceFile::TraceFile(const std::string& path) : file_(path) {
    base::remove_leftovers(std::filesystem::path(path).parent_path());
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw base::EnvironmentError(fmt::format("{}: no pipe to write it: {}", path, std::strerror(errno)));
    source_ = ends[0];
    target_ = ends[1];
    receiver_ = std::jthread([this](const std::stop_token& stop) { receive(stop); });
}

TraceFile::~TraceFile() {
    receiver_.request_stop();
    if (receiver_.joinable()) receiver_.join();
    close_once(target_);
    close_once(source_);
}

std::string TraceFile::pipe() const {
    return fmt::format("/proc/self/fd/{}", target_);
}

void TraceFile::receive(const std::stop_token& stop) {
    std::array<char, 65536> piece{};
    while (!stop.stop_requested()) {
        pollfd source{source_, POLLIN, 0};
        if (::poll(&source, 1, patience_ms) <= 0) continue;
        const ssize_t got = ::read(source_, piece.data(), piece.size());
        if (got == 0) return;
        if (got > 0) file_.write({piece.data(), static_cast<std::size_t>(got)});
    }
}

void TraceFile::commit() {
    close_once(target_);
    receiver_.join();
    file_.commit();
}

}  // namespace lockstep::sim
