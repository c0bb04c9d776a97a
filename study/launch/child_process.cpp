#include "study/launch/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process/descriptor.hpp"
#include "study/launch/serving_process.hpp"
#include "study/launch/signal_events.hpp"

namespace lockstep::study {
namespace {

using base::Descriptor;

/// The reading end of a pipe and what came through.
struct Capture {
    Descriptor source;
    std::string text;
    OnErrors on_piece;

    void read_what_is_there() {
        std::array<char, 65536> part{};
        ssize_t got = 0;
        while (source.is_open() && (got = ::read(source.number(), part.data(), part.size())) != 0) {
            if (got < 0 && errno != EINTR) return;
            if (got <= 0) continue;
            const std::string_view piece(part.data(), static_cast<std::size_t>(got));
            text += piece;
            if (on_piece) on_piece(piece);
        }
        source = Descriptor();
    }
};

struct Child {
    std::size_t index = 0;
    pid_t pid = 0;
    bool is_served = false;
    std::optional<int> warning_signal;
    std::array<Capture, 2> captures;  // stdout, stderr
};

/// The reading end of a pipe; `far_end` becomes the other one.
Descriptor open_pipe(Descriptor& far_end) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) base::fail_call("pipe2");
    Descriptor source(ends[0]);
    far_end = Descriptor(ends[1]);
    ::fcntl(source.number(), F_SETFL, O_NONBLOCK);
    return source;
}

/// The children that run now. Those left when it goes are ended.
class Children {
  public:
    Children(Streams streams, const OnErrors& on_errors, Warning warning)
        : streams_(streams),
          on_errors_(on_errors),
          warns_first_(warning == Warning::first),
          events_(warning) {}
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;
    ~Children() {
        pass_on(SIGTERM, false);
        insists_at_ = Clock::now() + between_requests;
        for (const Child& child : running_)
            while (::waitpid(child.pid, nullptr, WNOHANG) == 0) {
                ::usleep(1000 * patience_ms / 10);
                if (Clock::now() >= *insists_at_) insist();
            }
    }

    std::size_t count() const { return running_.size(); }

    void start(std::size_t index, const ChildCommand& command) {
        Child child;
        child.index = index;
        child.warning_signal = command.warning_signal;
        if (streams_ == Streams::captured) {
            std::array<Descriptor, 2> far_ends;
            for (std::size_t i = 0; i < far_ends.size(); ++i)
                child.captures[i].source = open_pipe(far_ends[i]);
            child.captures[1].on_piece = on_errors_;
            const int output = far_ends[0].number();
            const int errors = far_ends[1].number();
            child.is_served = command.server != nullptr;
            child.pid = child.is_served
                            ? command.server->start(command, output, errors, events_.mask_of_children())
                            : spawn(command, {{std::nullopt, output, errors}}, events_.mask_of_children());
        } else {
            child.pid = spawn(command, {}, events_.mask_of_children());
        }
        running_.push_back(std::move(child));
    }

    /// Sleeps until something happens, reads what the children wrote, and sees to requests to end.
    void wait() {
        std::vector<pollfd> sources{{events_.descriptor(), POLLIN, 0}};
        for (const Child& child : running_)
            for (const Capture& capture : child.captures)
                if (capture.source.is_open()) sources.push_back({capture.source.number(), POLLIN, 0});
        if (::poll(sources.data(), sources.size(), insists_at_ ? patience_ms : -1) < 0 && errno != EINTR)
            base::fail_call("poll");
        if (insists_at_ && Clock::now() >= *insists_at_) insist();
        for (Child& child : running_)
            for (Capture& capture : child.captures) capture.read_what_is_there();
        while (const auto event = events_.next()) see_to(*event);
    }

    /// Whether no more are to be started.
    bool are_to_end() const { return warned_of_ || interruption_; }
    /// The signal by which we are to end, once the children have.
    std::optional<int> interruption() const { return interruption_; }

    /// A child that has ended, and how.
    std::optional<std::pair<std::size_t, ChildEnd>> take_ended() {
        for (std::size_t i = 0; i < running_.size(); ++i) {
            int status = 0;
            if (::waitpid(running_[i].pid, &status, WNOHANG) != running_[i].pid) continue;
            Child child = std::move(running_[i]);
            running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
            for (Capture& capture : child.captures) capture.read_what_is_there();
            ChildEnd end;
            end.by_signal = WIFSIGNALED(status);
            end.status = end.by_signal ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
            end.output = std::move(child.captures[0].text);
            end.errors = std::move(child.captures[1].text);
            if (is_end_by_warning(child, end.status)) interruption_ = warned_of_;
            return {{child.index, std::move(end)}};
        }
        return std::nullopt;
    }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds between_requests{5};
    static constexpr int patience_ms = 200;
    /// Who signals a process and its group, as timeout does, makes one request twice.
    static constexpr std::chrono::milliseconds one_request{500};

    void see_to(const SignalEvent& event) {
        if (event.signal == SIGCHLD) return;
        if (event.signal == SIGTSTP) {
            stop();
        } else if (warns_first_ && !are_to_end() && event.signal != SIGHUP) {
            warn(event.signal);
        } else if (event.signal != warned_of_ || Clock::now() >= warned_at_ + one_request) {
            interruption_ = event.signal;
            pass_on(warned_of_ ? SIGTERM : event.signal, event.from_terminal);
            if (!insists_at_) insists_at_ = Clock::now() + between_requests;
        }
    }

    void warn(int request) {
        warned_of_ = request;
        warned_at_ = Clock::now();
        for (const Child& child : running_)
            if (child.warning_signal) ::kill(child.pid, *child.warning_signal);
    }

    /// Those in process groups of their own stop, and go on, with us.
    void stop() const {
        pass_on(SIGTSTP, true);
        std::raise(SIGSTOP);
        pass_on(SIGCONT, true);
    }

    /// Of ranks that a signal has ended launchers tell as a shell does.
    bool is_end_by_warning(const Child& child, int status) const {
        return warned_of_ && !interruption_ &&
               (status == 128 + *warned_of_ || status == 128 + child.warning_signal.value_or(0));
    }

    /// Of some launchers one request gets lost.
    void insist() {
        constexpr int most_requests = 3;
        pass_on(requests_++ < most_requests ? SIGTERM : SIGKILL, false);
        insists_at_ = Clock::now() + between_requests;
    }

    /// What the terminal sends does not reach other process groups, and one that is served may have come too
    /// late for it.
    void pass_on(int number, bool from_terminal) const {
        for (const Child& child : running_)
            if (!from_terminal || child.is_served || child.warning_signal) ::kill(child.pid, number);
    }

    Streams streams_;
    const OnErrors& on_errors_;
    bool warns_first_;
    SignalEvents events_;
    std::vector<Child> running_;
    std::optional<int> warned_of_;  ///< the request of which the children were warned
    Clock::time_point warned_at_;
    std::optional<int> interruption_;              ///< the request by which they are ended
    std::optional<Clock::time_point> insists_at_;  ///< once they are
    int requests_ = 0;                             ///< made again since
};

using OnEnd = base::FunctionRef<Next(std::size_t index, const ChildEnd& end)>;

void run_all(std::span<const ChildCommand> commands, std::size_t at_once, Streams streams, OnEnd on_end,
             const OnErrors& on_errors) {
    const bool warns_first = std::ranges::any_of(
        commands, [](const ChildCommand& command) { return command.warning_signal.has_value(); });
    std::optional<int> interruption;
    {
        Children children(streams, on_errors, warns_first ? Warning::first : Warning::none);
        std::size_t next = 0;
        bool start_more = true;
        while (true) {
            while (start_more && next < commands.size() && children.count() < at_once) {
                children.start(next, commands[next]);
                ++next;
            }
            if (children.count() == 0) break;
            children.wait();
            while (auto ended = children.take_ended())
                if (!children.interruption() && on_end(ended->first, ended->second) == Next::start_no_more)
                    start_more = false;
            start_more = start_more && !children.are_to_end();
        }
        interruption = children.interruption();
    }
    if (interruption) throw Interrupted(*interruption);
}

}  // namespace

void run_children(std::span<const ChildCommand> commands, std::size_t at_once, Streams streams,
                  OnEnd on_end) {
    run_all(commands, at_once, streams, on_end, {});
}

ChildEnd run_child(const ChildCommand& command, Streams streams, const OnErrors& on_errors) {
    ChildEnd result;
    const auto keep = [&](std::size_t, const ChildEnd& end) {
        result = end;
        return Next::start_no_more;
    };
    run_all(std::span(&command, 1), 1, streams, keep, on_errors);
    return result;
}

}  // namespace lockstep::study
