#include "study/sweep/range.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "option/lists.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Option;

constexpr std::string_view dots = "..";

/// A number in the base unit of its quantity.
struct Measure {
    double value;
    std::string_view unit;  ///< the base unit's name
};

std::optional<Measure> parse_measure(std::string_view text) {
    struct Quantity {
        double (*parse)(std::string_view, std::string_view);
        std::string_view unit;
    };
    constexpr std::array<Quantity, 6> quantities{{{base::parse_time_s, "s"},
                                                  {base::parse_bandwidth_Bps, "Bps"},
                                                  {base::parse_speed_flops, "f"},
                                                  {base::parse_size_B, "B"},
                                                  {base::parse_power_W, "W"},
                                                  {base::parse_count, ""}}};
    for (const Quantity& quantity : quantities) {
        try {
            return Measure{quantity.parse("", text), quantity.unit};
        } catch (const InputError&) {
            continue;  // another quantity's units
        }
    }
    return std::nullopt;
}

/// What follows the number.
std::string_view unit_of(std::string_view measure) {
    double ignored = 0;
    const auto [rest, problem] = std::from_chars(measure.data(), measure.data() + measure.size(), ignored);
    return measure.substr(static_cast<std::size_t>(rest - measure.data()));
}

/// `FIRST..LAST[:SPACING:COUNT]` in parts.
struct RangeParts {
    std::string_view first;
    std::string_view last;
    std::string_view spacing;  ///< empty: every whole number
    std::string_view count;
};

RangeParts split(std::string_view text) {
    const std::size_t middle = text.find(dots);
    const std::string_view rest = text.substr(middle + dots.size());
    const auto parts = option::split_list(rest, ':');
    RangeParts result{text.substr(0, middle), parts.empty() ? "" : parts[0], {}, {}};
    if (parts.size() > 1) result.spacing = parts[1];
    if (parts.size() > 2) result.count = parts[2];
    if (parts.size() == 2 || parts.size() > 3) result.spacing = "?";  // neither form
    return result;
}

/// One range of one key, while it is read.
class Range {
  public:
    Range(const Option& option, std::string_view text)
        : option_(option),
          text_(text),
          parts_(split(text)),
          first_(end(parts_.first)),
          last_(end(parts_.last)),
          unit_(unit_of(first_.value > 0 ? parts_.first : parts_.last)),
          takes_whole_numbers_(first_.unit.empty() && is_whole(first_.value) && !accepts("1.5")) {
        if (first_.unit != last_.unit) refuse("both ends with a unit of the same kind");
        if (first_.value >= last_.value) refuse("the first end is the smaller one");
    }

    std::vector<std::string> values() const {
        if (parts_.spacing.empty()) return every_whole_number();
        const bool is_log = parts_.spacing == "log";
        if (!is_log && parts_.spacing != "lin")
            refuse("the spacing is log or lin, with the number of values");
        if (is_log && first_.value <= 0) refuse("a log range begins above 0");
        std::vector<std::string> values;
        const std::size_t count = parsed_count();
        for (std::size_t i = 0; i < count; ++i) {
            const double share = static_cast<double>(i) / static_cast<double>(count - 1);
            const double value = is_log ? first_.value * std::pow(last_.value / first_.value, share)
                                        : first_.value + (last_.value - first_.value) * share;
            std::string text = i == 0           ? end_text(parts_.first, first_.value)
                               : i + 1 == count ? end_text(parts_.last, last_.value)
                                                : between(value);
            if (values.empty() || values.back() != text) values.push_back(std::move(text));
        }
        return values;
    }

  private:
    static bool is_whole(double value) { return value == std::floor(value); }

    [[noreturn]] void refuse(std::string_view remedy) const {
        throw InputError(subject(), text_,
                         "FIRST..LAST:log:COUNT, FIRST..LAST:lin:COUNT or, of whole numbers, FIRST..LAST",
                         remedy);
    }

    std::string subject() const { return fmt::format("--sweep {}", option_.key); }

    scenario::Config config_with(std::string_view value) const {
        scenario::Config scratch;
        option_.kind.set(scratch, subject(), value);
        return scratch;
    }

    /// The value in the unit of the whole range, to so many significant digits.
    std::string in_unit(double value, int digits) const {
        const double number = value / parse_measure(fmt::format("1{}", unit_))->value;
        const std::string text =
            fmt::format("{}{}", std::stod(fmt::format("{:.{}g}", number, digits)), unit_);
        return scenario::text_as_given(option_.kind, config_with(text), text);
    }

    std::string end_text(std::string_view given, double value) const {
        if (unit_of(given) != unit_) return in_unit(value, std::numeric_limits<double>::digits10);
        return scenario::text_as_given(option_.kind, config_with(given), given);
    }

    bool accepts(std::string_view value) const {
        try {
            config_with(value);
        } catch (const InputError&) {
            return false;
        }
        return true;
    }

    Measure end(std::string_view text) const {
        const auto measure = parse_measure(text);
        if (!measure) refuse("both ends are numbers with the unit that the key takes");
        config_with(text);
        return *measure;
    }

    std::size_t parsed_count() const {
        std::size_t count = 0;
        const char* const last = parts_.count.data() + parts_.count.size();
        const auto [rest, problem] = std::from_chars(parts_.count.data(), last, count);
        if (problem != std::errc{} || rest != last || count < 2 || count > sweep_range_max)
            refuse(fmt::format("the number of values is from 2 to {}", sweep_range_max));
        return count;
    }

    std::string between(double value) const {
        constexpr int digits = 6;
        if (takes_whole_numbers_) return option_.kind.get(config_with(fmt::format("{:.0f}", value)));
        return in_unit(value, digits);
    }

    std::vector<std::string> every_whole_number() const {
        if (!takes_whole_numbers_) refuse("the key takes any numbers: say how many, as in :lin:5");
        if (last_.value - first_.value >= static_cast<double>(sweep_range_max))
            refuse(fmt::format("at most {} values", sweep_range_max));
        std::vector<std::string> values;
        for (double value = first_.value; value <= last_.value; ++value) values.push_back(between(value));
        return values;
    }

    const Option& option_;
    std::string_view text_;
    RangeParts parts_;
    Measure first_;
    Measure last_;
    std::string_view unit_;  ///< of all values; empty where they have none
    bool takes_whole_numbers_;
};

}  // namespace

bool is_sweep_range(std::string_view text) {
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0 &&
           text.find(dots) != std::string_view::npos;
}

std::vector<std::string> sweep_range(const scenario::Option& option, std::string_view text) {
    return Range(option, text).values();
}

}  // namespace lockstep::study
