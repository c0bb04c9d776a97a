#include "study/launch/launcher_errors.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/progress_line.hpp"
#include "base/terminal.hpp"

namespace lockstep::study {
namespace {

constexpr std::string_view wipe = "\033[K";
constexpr std::array<std::string_view, 3> own_names{"lockstep-sim: ", "lockstep-real: ", "lockstep: "};

/// Blocks that say that something has failed, not what.
constexpr std::array<std::string_view, 7> consequences{"Primary job",
                                                       "prterun detected that one or more",
                                                       "mpirun detected that one or more",
                                                       "MPI_ABORT was invoked",
                                                       "An internal error has occurred",
                                                       "It looks like MPI_INIT failed",
                                                       "WARNING"};

bool starts_with_any(std::string_view text, const auto& beginnings) {
    return std::ranges::any_of(beginnings, [&](std::string_view word) { return text.starts_with(word); });
}

std::size_t size_before_dashes(std::string_view text) {
    return text.find_last_not_of('-') + 1;
}

bool ends_with_rule(std::string_view line) {
    constexpr std::size_t shortest = 40;
    return line.size() - size_before_dashes(line) >= shortest;
}

/// Lines of launchers and logs begin otherwise.
bool is_progress_begun(std::string_view line) {
    return !line.empty() && std::string_view("-*[").find(line.front()) == std::string_view::npos;
}

/// Of a run that was asked to end, and did: that mpirun passed that on, and srun's word on ranks that ended
/// with base::ExitStatus::interrupted.
bool tells_of_interruption(std::string_view line) {
    return (line.find(": Forwarding signal ") != std::string_view::npos && line.ends_with(" to job")) ||
           (line.starts_with("srun: error: ") && line.ends_with(": Exited with exit code 4"));
}

/// `[host:12] 1 more process has sent help message ...`, and how to see it; and what it stumbles over when
/// ranks end sooner than it has thought.
bool is_chatter(std::string_view line) {
    if (tells_of_interruption(line)) return true;
    // Open MPI 5 on a machine without a network, in two pieces where ranks say it at once.
    if (line.ends_with("Unable to find reachable pairing between local and remote interfaces")) return true;
    constexpr std::array<std::string_view, 4> known{"has sent help message", "orte_base_help_aggregate",
                                                    "[warn] Epoll ", "PMIX ERROR: PMIX_ERR_UNREACH"};
    return line.starts_with('[') && std::ranges::any_of(known, [&](std::string_view words) {
               return line.find(words) != std::string_view::npos;
           });
}

bool says_something(std::string_view line) {
    std::string small(line);
    std::ranges::transform(small, small.begin(), [](unsigned char letter) { return std::tolower(letter); });
    return line.find_first_not_of("-*= \r") != std::string_view::npos &&
           small.find("warning") == std::string::npos;
}

/// A log's `[host:12] ...`, or how the library ended, `*** An error occurred in MPI_Init`: no reason.
bool is_log(std::string_view line) {
    return line.starts_with('[') || line.starts_with("***");
}

bool is_particular(std::string_view line) {
    const std::size_t colon = line.find(": ");
    return colon != std::string_view::npos &&
           line.find_first_not_of(' ', colon + 1) != std::string_view::npos;
}

/// Its words with single blanks between.
std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        for (const char letter : line + ' ')
            if (letter != ' ' || (!text.empty() && text.back() != ' ')) text += letter;
    if (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

std::string summary(const std::vector<std::string>& block) {
    std::vector<std::vector<std::string>> paragraphs(1);
    for (const std::string& line : block) {
        if (line.find_first_not_of(' ') != std::string::npos)
            paragraphs.back().push_back(line);
        else if (!paragraphs.back().empty())
            paragraphs.emplace_back();
    }
    std::string text = joined(paragraphs.front());
    if (paragraphs.size() > 1 && (text.ends_with(':') || std::ranges::all_of(paragraphs[1], is_particular)))
        text += ' ' + joined(paragraphs[1]);
    return text;
}

/// Without control characters, but those of lines and of progress on a terminal.
std::string shown_safely(std::string_view text) {
    constexpr std::string_view kept = "\n\r\t";
    std::string shown;
    while (!text.empty()) {
        std::size_t size = std::min({text.find_first_of(kept), text.find(wipe), text.size()});
        shown += base::printable(text.substr(0, size));
        text.remove_prefix(size);
        size = text.starts_with(wipe) ? wipe.size() : std::min<std::size_t>(1, text.size());
        shown += text.substr(0, size);
        text.remove_prefix(size);
    }
    return shown;
}

/// Takes out the ends that progress has for mpirun's sake, and the zeros that Open MPI 5 says in place of
/// what it was told not to say.
void remove_noise(std::string& text) {
    std::erase(text, '\0');
    for (std::size_t at = 0; (at = text.find(base::progress_end, at)) != std::string::npos;
         at -= std::min<std::size_t>(at, 1))  // where one end stood within another
        text.erase(at, base::progress_end.size());
}

}  // namespace

std::string LauncherErrors::take(const std::string& unit) {
    const std::string begun = std::exchange(begun_, {});
    const bool was_after_wipe = std::exchange(is_after_wipe_, unit.ends_with(wipe));
    if (is_after_wipe_) return shown_safely(unit);
    std::string line = begun + unit;
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
    // Nothing ends progress, so that a rule may stand behind it.
    const bool is_progress = was_after_wipe && !is_in_block_ && is_progress_begun(line);
    if (ends_with_rule(line) && (is_progress || size_before_dashes(line) == 0)) {
        is_in_block_ = !is_in_block_;
        if (is_in_block_) blocks_.emplace_back();
        const std::size_t shown = std::max(size_before_dashes(line), begun.size()) - begun.size();
        return shown_safely(std::string_view(unit).substr(0, shown));
    }
    if (is_in_block_) {
        blocks_.back().push_back(line);
        return {};
    }
    if (is_chatter(line)) return {};
    lines_.push_back(line);
    if (blocks_.empty()) lines_before_blocks_ = lines_.size();
    return shown_safely(unit);
}

std::string LauncherErrors::add(std::string_view piece) {
    std::string shown;
    pending_ += piece;
    remove_noise(pending_);
    while (true) {
        const std::size_t line_end = pending_.find('\n');
        const std::size_t wipe_begin = pending_.find(wipe);
        if (line_end == std::string::npos && wipe_begin == std::string::npos) break;
        const std::size_t size = line_end < wipe_begin ? line_end + 1 : wipe_begin + wipe.size();
        const std::string unit = pending_.substr(0, size);
        pending_.erase(0, size);
        shown += take(unit);
    }
    // Up to what may be the beginning of more: of a wipe, of progress_end, of a rule, of a character.
    const std::size_t control = pending_.find_first_of("\r\033\x1f");
    const std::size_t whole = control != std::string::npos ? control : base::whole_characters(pending_);
    const std::size_t complete = size_before_dashes(std::string_view(pending_).substr(0, whole));
    const bool is_progress = is_after_wipe_ && !is_in_block_ && complete > 0 && is_progress_begun(pending_);
    if (!begun_.empty() || is_progress) {
        begun_ += pending_.substr(0, complete);
        shown += shown_safely(std::string_view(pending_).substr(0, complete));
        pending_.erase(0, complete);
    }
    return shown;
}

std::string LauncherErrors::finish() {
    return pending_.empty() && begun_.empty() ? std::string() : take(std::exchange(pending_, {}));
}

std::string LauncherErrors::own_complaint() const {
    for (const std::string& line : lines_)
        for (const std::string_view name : own_names)
            if (line.starts_with(name) && !line.substr(name.size()).starts_with("warning: "))
                return line.substr(name.size());
    return {};
}

std::string LauncherErrors::reason() const {
    const auto speaks = [](const std::string& line) { return says_something(line) && !is_log(line); };
    const auto blocks_begin = lines_.begin() + static_cast<std::ptrdiff_t>(lines_before_blocks_);
    if (const auto line = std::find_if(lines_.begin(), blocks_begin, speaks); line != blocks_begin)
        return joined({*line});
    const auto tells_cause = [](const auto& block) { return !starts_with_any(summary(block), consequences); };
    if (const auto block = std::ranges::find_if(blocks_, tells_cause); block != blocks_.end())
        return summary(*block);
    if (const auto line = std::ranges::find_if(lines_, speaks); line != lines_.end()) return joined({*line});
    if (!blocks_.empty()) return summary(blocks_.front());
    const auto log = std::ranges::find_if(lines_, says_something);
    return log == lines_.end() ? std::string() : joined({*log});
}

}  // namespace lockstep::study
