#include "base/process/serving.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/process/parent.hpp"

namespace lockstep::base {
namespace {

using Streams = std::array<int, 2>;  // stdout and stderr of a child
using OwnStreams = std::array<Descriptor, 2>;

/// The first message of a request: the size of its words, and the streams with it.
class Header {
  public:
    Header() {
        message_.msg_iov = &part_;
        message_.msg_iovlen = 1;
        message_.msg_control = control_.data();
        message_.msg_controllen = control_.size();
    }
    Header(const Header&) = delete;
    Header& operator=(const Header&) = delete;

    bool send(int socket, std::uint64_t size, const Streams& streams) {
        size_ = size;
        cmsghdr* const rights = CMSG_FIRSTHDR(&message_);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof streams);
        std::memcpy(CMSG_DATA(rights), streams.data(), sizeof streams);
        return is_whole([&] { return ::sendmsg(socket, &message_, MSG_NOSIGNAL); });
    }

    /// The streams, closed where this process may have no more open; nothing where nobody sends any more, or
    /// something else came.
    std::optional<OwnStreams> receive(int socket) {
        if (!is_whole([&] { return ::recvmsg(socket, &message_, MSG_WAITALL | MSG_CMSG_CLOEXEC); }))
            return std::nullopt;
        const bool is_cut = (message_.msg_flags & MSG_CTRUNC) != 0;
        const cmsghdr* const rights = CMSG_FIRSTHDR(&message_);
        if (rights == nullptr) return is_cut ? std::optional<OwnStreams>(std::in_place) : std::nullopt;
        if (!is_cut && rights->cmsg_len != CMSG_LEN(sizeof(Streams))) return std::nullopt;
        OwnStreams streams;
        for (std::size_t i = 0; CMSG_LEN((i + 1) * sizeof(int)) <= rights->cmsg_len; ++i) {
            int number = 0;
            std::memcpy(&number, CMSG_DATA(rights) + i * sizeof number, sizeof number);
            streams[i] = Descriptor(number);
        }
        return streams;
    }

    std::uint64_t size() const { return size_; }

  private:
    /// Whether the call moves the whole size, after however many interruptions.
    static bool is_whole(FunctionRef<ssize_t()> call) {
        ssize_t moved = 0;
        do moved = call();
        while (moved < 0 && errno == EINTR);
        return moved == sizeof(std::uint64_t);
    }

    std::uint64_t size_ = 0;
    iovec part_{&size_, sizeof size_};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Streams))> control_{};
    msghdr message_{};
};

struct Request {
    Words words;
    OwnStreams streams;
};

std::string joined(std::span<const std::string> words) {
    std::string text;
    for (const std::string& word : words) text.append(word).push_back('\0');
    return text;
}

Words split(std::string_view text) {
    Words words;
    while (!text.empty()) {
        words.emplace_back(text.substr(0, text.find('\0')));
        text.remove_prefix(words.back().size() + 1);
    }
    return words;
}

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) return false;
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// Whether all came.
bool receive_all(int socket, void* bytes, std::size_t size) {
    auto* begin = static_cast<char*>(bytes);
    while (size > 0) {
        const ssize_t got = ::recv(socket, begin, size, MSG_WAITALL);
        if (got == 0 || (got < 0 && errno != EINTR)) return false;
        if (got < 0) continue;
        begin += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

/// Nothing where nobody can ask any more.
std::optional<Request> receive(int socket) {
    Header header;
    std::optional<OwnStreams> streams = header.receive(socket);
    if (!streams) return std::nullopt;
    Request request{{}, std::move(*streams)};
    std::string text(header.size(), '\0');
    if (!receive_all(socket, text.data(), text.size())) return std::nullopt;
    request.words = split(text);
    return request;
}

/// Adds to a mask, or takes from it, the signals by which a program is asked to end.
void for_requests_to_end(sigset_t& mask, int (*change)(sigset_t*, int)) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) change(&mask, number);
}

void require_socket(int descriptor) {
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM)
        throw InputError(fmt::format(
            "{}: only for lockstep, which asks for runs over a socket; start runs by options", serve_word));
}

/// As fork(), but the child is a sibling, whose end its parent and ours hears of. The C library does not know
/// of it: to its locks the child's thread has the number of this one, which nobody else in the child has.
pid_t fork_sibling() {
    return static_cast<pid_t>(
        ::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

void make(int target, const Descriptor& source) {
    if (::dup2(source.number(), target) < 0) fail_call("dup2");
}

/// What posix_spawn would have done.
void become_child(const Request& request, const sigset_t& mask, pid_t parent) {
    end_with_parent(parent);
    make(STDERR_FILENO, request.streams[1]);
    make(STDOUT_FILENO, request.streams[0]);
    const Descriptor empty(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!empty.is_open()) fail_call("/dev/null");
    make(STDIN_FILENO, empty);
    std::signal(SIGPIPE, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
}

}  // namespace

sigset_t serving_mask(const sigset_t& mask) {
    sigset_t more = mask;
    for_requests_to_end(more, ::sigaddset);
    return more;
}

std::optional<pid_t> ask_server(int socket, std::span<const std::string> words, const Streams& streams) {
    const std::string text = joined(words);
    pid_t answer = 0;
    if (!Header().send(socket, text.size(), streams) || !send_all(socket, text) ||
        !receive_all(socket, &answer, sizeof answer))
        return std::nullopt;
    if (answer > 0) return answer;
    errno = -answer;
    fail_call("fork");
}

std::optional<Words> serve(FunctionRef<void(const Words&)> prepare) {
    constexpr int socket = STDIN_FILENO;
    require_socket(socket);
    const pid_t parent = ::getppid();
    end_with_parent(parent);
    // Who asks decides what becomes of it: a terminal's Ctrl-C must not end the server between two answers.
    sigset_t none;
    sigset_t mask;
    sigemptyset(&none);
    const sigset_t requests = serving_mask(none);
    ::sigprocmask(SIG_BLOCK, &requests, &mask);
    for_requests_to_end(mask, ::sigdelset);  // they were blocked before us: see serving_mask
    while (auto request = receive(socket)) {
        const bool has_streams = request->streams[0].is_open() && request->streams[1].is_open();
        if (has_streams) prepare(request->words);
        pid_t child = has_streams ? fork_sibling() : -EMFILE;
        if (child == 0) {
            become_child(*request, mask, parent);
            return std::move(request->words);
        }
        if (child < 0 && has_streams) child = -errno;
        if (!send_all(socket, {reinterpret_cast<const char*>(&child), sizeof child})) break;
    }
    return std::nullopt;
}

}  // namespace lockstep::base
