#pragma once

#include <concepts>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::option {

/// A number with a unit of base/units.hpp.
enum class Quantity { time, bandwidth, speed, size, power, count };

/// How values of one type are written and read: `write` renders the text that `read` makes the same value of.
template <typename T>
struct Value {
    std::string placeholder;           ///< stands for the value in help texts: `N`, `TIME`, `FILE`
    std::string allowed;               ///< for messages and help: `a whole number from 1 to 65536`
    std::vector<std::string> choices;  ///< every allowed value where these are names, else empty

    /// `subject` opens the message of the InputError that a text outside `allowed` throws: the option, or
    /// file, line and key.
    std::function<T(std::string_view subject, std::string_view text)> read;
    std::function<std::string(const T&)> write;

    bool is_list = false;        ///< whether values may hold commas
    bool is_repeatable = false;  ///< whether the key may be given several times: values are joined by `;`

    /// In base units: seconds, bytes a second, flop/s. NaN where it is unset.
    struct AsNumber {
        bool is_whole = false;
        std::function<double(const T&)> of;
        std::function<T(double)> to;
        std::optional<Quantity> quantity = {};                     ///< where it is written with a unit
        double lowest = -std::numeric_limits<double>::infinity();  ///< that is allowed, where that is known
        double highest = std::numeric_limits<double>::infinity();
    };
    std::optional<AsNumber> number = {};  ///< where a value is one number
};

/// The value of a key of `Owner` as a number.
template <typename Owner>
struct Number {
    bool is_whole = false;
    std::function<double(const Owner&)> get;
    /// The number must be one that the kind allows, and a whole one where `is_whole`.
    std::function<void(Owner&, double)> set;
    std::optional<Quantity> quantity = {};
    double lowest = -std::numeric_limits<double>::infinity();  ///< that is allowed, where that is known
    double highest = std::numeric_limits<double>::infinity();
};

/// How one member of `Owner`, or a few of them together, are written and read.
template <typename Owner>
struct Kind {
    std::string placeholder;
    std::string allowed;
    std::vector<std::string> choices;
    std::function<void(Owner&, std::string_view subject, std::string_view text)> set;
    std::function<std::string(const Owner&)> get;
    bool is_list = false;
    bool is_repeatable = false;
    std::optional<Number<Owner>> number = {};

    Kind() = default;

    /// `Part` is `Owner`, or a base of it.
    template <typename Part, typename T>
    requires std::derived_from<Owner, Part> Kind(T Part::*member, const Value<T>& value)
        : placeholder(value.placeholder),
          allowed(value.allowed),
          choices(value.choices),
          set([member, read = value.read](Owner& owner, std::string_view subject, std::string_view text) {
              owner.*member = read(subject, text);
          }),
          get([member, write = value.write](const Owner& owner) { return write(owner.*member); }),
          is_list(value.is_list),
          is_repeatable(value.is_repeatable) {
        if (!value.number) return;
        number = {value.number->is_whole,
                  [member, of = value.number->of](const Owner& owner) { return of(owner.*member); },
                  [member, to = value.number->to](Owner& owner, double value_set) {
                      owner.*member = to(value_set);
                  },
                  value.number->quantity,
                  value.number->lowest,
                  value.number->highest};
    }

    /// The same of what has `Part` as a base.
    template <typename Part>
    requires(std::derived_from<Owner, Part> && !std::same_as<Owner, Part>) Kind(const Kind<Part>& part)
        : placeholder(part.placeholder),
          allowed(part.allowed),
          choices(part.choices),
          set(part.set),
          get(part.get),
          is_list(part.is_list),
          is_repeatable(part.is_repeatable) {
        if (part.number)
            number = {part.number->is_whole, part.number->get,    part.number->set,
                      part.number->quantity, part.number->lowest, part.number->highest};
    }
};

/// Of a member of `Owner`.
template <typename Owner, typename T>
Kind<Owner> of(T Owner::*member, const Value<T>& value) {
    return {member, value};
}

/// One key of `Owner`: a value that a user may set.
template <typename Owner>
struct Option {
    std::string_view key;  ///< without dashes in front: `lr-decay`
    Kind<Owner> kind;
    std::string_view help;
    /// Where the other values give it a meaning, else always; `where` completes "applies only ...":
    /// `with --update mix`.
    std::function<bool(const Owner&)> applies = {};
    std::string_view where = {};

    Option(std::string_view the_key, Kind<Owner> the_kind, std::string_view the_help,
           std::string_view the_where = {}, std::function<bool(const Owner&)> the_condition = {})
        : key(the_key),
          kind(std::move(the_kind)),
          help(the_help),
          applies(std::move(the_condition)),
          where(the_where) {}

    template <typename Part>
    requires(std::derived_from<Owner, Part> &&
             !std::same_as<Owner, Part>) explicit Option(const Option<Part>& part)
        : key(part.key), kind(part.kind), help(part.help), applies(part.applies), where(part.where) {}
};

}  // namespace lockstep::option
