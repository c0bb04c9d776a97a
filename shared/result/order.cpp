#include "result/order.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

namespace lockstep::result {
namespace {

using base::InputError;
using exchange::Arrival;

constexpr std::string_view column_line = "taker,worker,step,version_read,version_applied,effect";
constexpr std::string_view remedy = "the file was cut off or edited: record the order again";
constexpr std::string_view entered = "applied";
constexpr std::string_view left_out = "dropped";

/// For a message: of what may be any bytes.
std::string shown(std::string_view line) {
    constexpr std::size_t most = 60;
    std::string text(line.substr(0, most));
    for (char& letter : text)
        if (letter < ' ' || letter > '~') letter = '?';
    return line.size() > most ? text + "..." : text;
}

/// The lines of a file, one after another, by their numbers.
class Lines {
  public:
    Lines(std::string_view text, std::string_view source) : rest_(text), source_(source) {}

    bool at_end() const { return rest_.empty(); }
    std::string_view peek() const { return rest_.substr(0, rest_.find('\n')); }
    std::string_view take() {
        const std::size_t length = rest_.find('\n');
        ++number_;
        const std::string_view line = rest_.substr(0, length);
        if (length == std::string_view::npos) refuse(line, "a line that ends");
        rest_.remove_prefix(length + 1);
        return line;
    }
    /// Of the line taken last.
    [[noreturn]] void refuse(std::string_view given, std::string_view allowed) const {
        throw InputError(fmt::format("{}:{}", source_, number_), shown(given), allowed, remedy);
    }

  private:
    std::string_view rest_;
    std::string_view source_;
    std::size_t number_ = 0;
};

std::optional<std::uint32_t> whole(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_plain = text.size() == 1 || (!text.empty() && text.front() != '0');
    if (problem != std::errc() || end != text.data() + text.size() || !is_plain) return {};
    return number;
}

Arrival parse_row(std::string_view line, const Lines& lines) {
    Arrival arrival;
    std::string_view rest = line;
    for (std::uint32_t* cell :
         {&arrival.taker, &arrival.worker, &arrival.step, &arrival.version_read, &arrival.version_applied}) {
        const std::size_t comma = rest.find(',');
        const auto number = whole(rest.substr(0, comma));
        if (!number || comma == std::string_view::npos) lines.refuse(line, column_line);
        *cell = *number;
        rest.remove_prefix(comma + 1);
    }
    if (rest != entered && rest != left_out) lines.refuse(line, column_line);
    arrival.dropped = rest == left_out;
    return arrival;
}

/// What a row must be after those before it.
class Sequence {
  public:
    void check(const Arrival& arrival, std::string_view line, const Lines& lines) {
        if (arrival.version_applied < version_)
            lines.refuse(line, fmt::format("version_applied {} or more, as in the row before", version_));
        version_ = arrival.version_applied;
        auto& next = next_step_[{arrival.taker, arrival.worker}];
        if (arrival.step < next)
            lines.refuse(line, fmt::format("step {} or more of worker {}", next, arrival.worker));
        next = std::uint64_t{arrival.step} + 1;
    }

  private:
    std::uint32_t version_ = 0;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> next_step_;
};

void parse_header_line(const std::string& line, Order& order, const Lines& lines) {
    constexpr std::string_view kinds[]{"provenance", "order", "option", "run"};
    const std::string_view text(line);
    const std::size_t blank = text.find(' ');
    const std::string_view kind = text.substr(0, blank);
    const std::size_t sign = text.find(" =");
    const bool is_entry =
        std::ranges::find(kinds, kind) != std::end(kinds) && sign != std::string_view::npos && sign > blank;
    const std::string_view key = is_entry ? text.substr(blank + 1, sign - blank - 1) : "";
    const std::string_view rest = is_entry ? text.substr(sign + 2) : "";
    const bool has_value = rest.size() > 1 && rest.front() == ' ';
    if (key.empty() || key.find(' ') != std::string_view::npos || (!rest.empty() && !has_value))
        lines.refuse(line, "KIND KEY = VALUE, where KIND is provenance, order, option or run");
    Entry entry{std::string(key), std::string(has_value ? rest.substr(1) : "")};
    if (kind == "run" && entry.first == "complete")
        order.complete = entry.second == "yes";
    else if (kind == "run")
        order.parameters_digest = entry.second;
    else
        (kind == "provenance" ? order.provenance
         : kind == "order"    ? order.shape
                              : order.values)
            .push_back(std::move(entry));
}

std::string last_line(std::size_t rows, std::string_view before) {
    return fmt::format("end,{},{}", rows, base::digest_of_bytes(before));
}

}  // namespace

std::string order_text(const Order& order) {
    fmt::memory_buffer text;
    const auto out = std::back_inserter(text);
    fmt::format_to(out, "{}\n", order_format);
    const auto entries = [&](std::string_view kind, const std::vector<Entry>& list) {
        for (const auto& [key, value] : list)
            fmt::format_to(out, "{} {} ={}{}\n", kind, key, value.empty() ? "" : " ", value);
    };
    entries("provenance", order.provenance);
    entries("order", order.shape);
    entries("option", order.values);
    entries("run",
            {{"complete", order.complete ? "yes" : "no"}, {"parameters_digest", order.parameters_digest}});
    fmt::format_to(out, "{}\n", column_line);
    for (const Arrival& row : order.arrivals)
        fmt::format_to(out, "{},{},{},{},{},{}\n", row.taker, row.worker, row.step, row.version_read,
                       row.version_applied, row.dropped ? left_out : entered);
    const std::string before = fmt::to_string(text);
    return before + last_line(order.arrivals.size(), before) + '\n';
}

Order parse_order(std::string_view text, std::string_view source) {
    Lines lines(text, source);
    if (text.empty() || lines.peek() != order_format)
        throw InputError(fmt::format("{}:1", source), shown(lines.peek()), order_format,
                         "write the file by --record FILE");
    lines.take();
    Order order;
    for (std::string_view line = lines.take(); line != column_line; line = lines.take()) {
        parse_header_line(std::string(line), order, lines);
        if (lines.at_end())
            lines.refuse(line, fmt::format("more lines: {}, rows, and the last one", column_line));
    }
    Sequence sequence;
    std::size_t length = 0;  // of what the last line vouches for
    std::string_view line;
    for (;;) {
        if (lines.at_end()) lines.refuse(line, "a last line that begins with end,");
        length = static_cast<std::size_t>(lines.peek().data() - text.data());
        line = lines.take();
        if (line.starts_with("end,")) break;
        order.arrivals.push_back(parse_row(line, lines));
        sequence.check(order.arrivals.back(), line, lines);
    }
    const std::string expected = last_line(order.arrivals.size(), text.substr(0, length));
    if (line != expected)
        lines.refuse(line,
                     fmt::format("end, the number of rows above, which is {}, and the digest of all that "
                                 "is above, which is another",
                                 order.arrivals.size()));
    if (!lines.at_end()) {
        const std::string_view more = lines.take();
        lines.refuse(more, "nothing after the line that begins with end,");
    }
    return order;
}

Order read_order(const std::filesystem::path& path) {
    return parse_order(base::read_file(path, base::most_of_orders), path.string());
}

void write_order(const Order& order, const std::filesystem::path& path) {
    std::error_code problem;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), problem);
    if (problem)
        throw base::EnvironmentError(fmt::format("{}: cannot write: {}", path.string(), problem.message()));
    base::write_file_atomically(path, order_text(order));
}

}  // namespace lockstep::result
