// All that a signal handler needs is here beforehand, in memory of its own: a crash may be one of the heap.
#include "sim/last_words.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <span>

#include <fmt/format.h>
#include <simgrid/s4u.hpp>
#include <unistd.h>
#include <xbt/asserts.h>
#include <xbt/log.h>

namespace lockstep::sim {
namespace {

constexpr std::size_t longest = 600;

/// The beginning of a text.
class Text {
  public:
    void clear() { size_ = 0; }
    void append(std::string_view part) {
        const std::size_t taken = std::min(part.size(), content_.size() - size_);
        std::copy_n(part.begin(), taken, content_.begin() + size_);
        size_ += taken;
    }
    std::string_view view() const { return {content_.data(), size_}; }

  private:
    std::array<char, 4096> content_{};
    std::size_t size_ = 0;
};

struct Ending {
    Text prefix;
    Text doing;
    Text message;   ///< the log's latest
    Text critical;  ///< the latest that says why
    Text line;      ///< what is written in the end
    int descriptor = STDERR_FILENO;
    int status = 1;
    std::array<char, 65536> stack{};  ///< of the handler, for a rank whose own is full
};

Ending& ending() {
    static Ending ending;
    return ending;
}

/// Appends the words of the text, with one blank between; not those of asterisks alone.
template <class Output>
void append_words(std::string_view text, Output& output) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    bool is_first = true;
    while (true) {
        const std::size_t begin = text.find_first_not_of(blanks);
        if (begin == std::string_view::npos) return;
        text.remove_prefix(begin);
        const std::string_view word = text.substr(0, text.find_first_of(blanks));
        text.remove_prefix(word.size());
        if (word.find_first_not_of('*') == std::string_view::npos) continue;
        if (!is_first) output.append(" ");
        output.append(word);
        is_first = false;
    }
}

/// A terminated process shows where it was; that is no reason.
bool is_reason(std::string_view message) {
    return !message.empty() && !message.starts_with("Current backtrace") &&
           !message.starts_with("Display of current backtrace") && !message.starts_with("Backtrace");
}

constexpr char opening = '\x1e';  // of each message of the log: the separator of records

void hear(std::string_view piece) {
    Ending& all = ending();
    if (piece.starts_with(opening)) {
        all.message.clear();
        piece.remove_prefix(1);
    }
    all.message.append(piece);
    if (!is_reason(all.message.view())) return;
    all.critical.clear();
    all.critical.append(all.message.view());
}

ssize_t hear_bytes(void* /*cookie*/, const char* bytes, std::size_t size) {
    hear({bytes, size});
    return static_cast<ssize_t>(size);
}

void end_with(int signal) {
    Ending& all = ending();
    Text& line = all.line;
    line.append(all.prefix.view());
    if (signal == SIGABRT && !all.critical.view().empty()) {
        append_words(all.critical.view().substr(0, longest), line);
    } else {
        line.append("it crashed (");
        line.append(::sigabbrev_np(signal) == nullptr ? "?" : ::sigabbrev_np(signal));
        line.append(")");
    }
    if (!all.doing.view().empty()) line.append(", while ");
    line.append(all.doing.view());
    if (const double clock_s = simgrid::s4u::Engine::get_clock(); clock_s > 0) {
        std::array<char, 64> moment{};
        const int size =
            std::snprintf(moment.data(), moment.size(), ", at %.9g s of simulated time", clock_s);
        line.append({moment.data(), static_cast<std::size_t>(std::max(size, 0))});
    }
    line.append("\n");
    (void)!::write(all.descriptor, line.view().data(), line.view().size());
    ::_exit(all.status);
}

/// Of the engine's log only what is critical, and that to us.
void listen_to_log() {
    const cookie_io_functions_t functions{nullptr, hear_bytes, nullptr, nullptr};
    std::FILE* stream = ::fopencookie(nullptr, "w", functions);
    std::setvbuf(stream, nullptr, _IOLBF, BUFSIZ);
    xbt_log_appender_set(&_XBT_LOGV(XBT_LOG_ROOT_CAT), xbt_log_appender_stream(stream));
    xbt_log_control_set("root.thres:critical");
    xbt_log_control_set(fmt::format("root.fmt:{}%m%n", opening).c_str());
    xbt_log_no_loc = 1;  // no backtrace of failed assertions
}

}  // namespace

void turn_giving_up_into_one_line(std::string_view prefix, int descriptor, int status) {
    Ending& all = ending();
    all.prefix.append(prefix);
    all.descriptor = descriptor;
    all.status = status;
    listen_to_log();
    const stack_t stack{all.stack.data(), 0, all.stack.size()};
    ::sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_handler = end_with;
    action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND);
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) ::sigaction(signal, &action, nullptr);
}

namespace {

constexpr std::array engines_signals{SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGINT};

}  // namespace

SignalHandlers::SignalHandlers() {
    for (std::size_t i = 0; i < actions_.size(); ++i) ::sigaction(engines_signals[i], nullptr, &actions_[i]);
    ::sigaltstack(nullptr, &stack_);
}

SignalHandlers::~SignalHandlers() {
    for (std::size_t i = 0; i < actions_.size(); ++i) ::sigaction(engines_signals[i], &actions_[i], nullptr);
    ::sigaltstack(&stack_, nullptr);
}

void now_doing(std::string_view what) {
    ending().doing.clear();
    ending().doing.append(what);
}

std::string while_doing() {
    const std::string_view doing = ending().doing.view();
    return doing.empty() ? "" : fmt::format(", while {}", doing);
}

std::string one_line(std::string_view text) {
    std::string line;
    append_words(text, line);
    if (line.size() > longest) line = line.substr(0, line.rfind(' ', longest)) + " ...";
    return line;
}

}  // namespace lockstep::sim
