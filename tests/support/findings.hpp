#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace lockstep::support {

/// What a check found wrong on one rank. Ranks hand this back as a value: simulated ranks share all globals
/// of their process, so a test framework's session must not run inside them.
class Findings {
  public:
    /// Notes a complaint unless `holds`; only the first few are kept.
    template <class... Arguments>
    void expect(bool holds, fmt::format_string<Arguments...> complaint, Arguments&&... arguments) {
        if (holds) return;
        ++count_;
        if (complaints_.size() < kept)
            complaints_.push_back(fmt::format(complaint, std::forward<Arguments>(arguments)...));
    }

    /// One line each, empty where all is well.
    std::string text(const std::string& prefix = {}) const {
        std::string lines;
        for (const std::string& complaint : complaints_) lines += prefix + complaint + "\n";
        if (count_ > complaints_.size())
            lines += fmt::format("{}... and {} more\n", prefix, count_ - complaints_.size());
        return lines;
    }

  private:
    static constexpr std::size_t kept = 10;
    std::vector<std::string> complaints_;
    std::size_t count_ = 0;
};

}  // namespace lockstep::support
