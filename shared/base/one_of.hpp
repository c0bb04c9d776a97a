#pragma once

#include <cassert>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.hpp"

namespace lockstep::base {

/// One value of an enumeration with its name on the command line, in INI files and in results. The names of
/// an enumeration stand beside it, in the order in which they are listed to users:
/// `constexpr std::span<const Named<Topology>> names_of(Topology)`.
template <typename Enum>
struct Named {
    Enum value;
    std::string_view name;
};

/// `name(Topology::fat_tree)` is "fat-tree".
template <typename Enum>
requires std::is_enum_v<Enum>
constexpr std::string_view name(Enum value) {
    for (const Named<Enum>& named : names_of(value))
        if (named.value == value) return named.name;
    assert(false && "a value without a name");
    return {};
}

/// One row of a table of alternatives, as a value: chosen by its name, compared by identity, as cheap as a
/// pointer. The first row is the default.
///
/// `Row` describes an alternative by what the rest of the program needs of it (functions, facts, a
/// `std::string_view name`), says what all of them are in `static constexpr std::string_view what`, and
/// `Row::all()` returns the table, a std::span<const Row> that lasts.
///
/// Example: with `using Collective = OneOf<CollectiveRow>`, `Collective sum = "ring";
/// sum->allreduce(group, vector, scratch);`
template <typename Row>
class OneOf {
  public:
    OneOf() : row_(&Row::all().front()) {}
    OneOf(const Row& row) : row_(&row) {}
    OneOf(Row&& row) = delete;
    /// Throws InputError that lists them all where there is none of that name.
    OneOf(std::string_view name) : row_(find(name)) {
        if (row_ == nullptr)
            throw InputError(Row::what, name, names_where([](const Row& /*row*/) { return true; }));
    }
    OneOf(const char* name) : OneOf(std::string_view(name)) {}

    const Row* operator->() const { return row_; }
    const Row& operator*() const { return *row_; }
    std::string_view name() const { return row_->name; }
    bool operator==(const OneOf&) const = default;
    bool operator==(std::string_view other) const { return name() == other; }
    bool operator==(const char* other) const { return name() == other; }

    /// Every one, in the order in which they are listed to users.
    static std::vector<OneOf> all() {
        std::vector<OneOf> each;
        for (const Row& row : Row::all()) each.emplace_back(row);
        return each;
    }
    /// `none, qsgd, fp16 or bf16`: those for which it holds.
    template <typename Holds>
    static std::string names_where(Holds holds) {
        std::string text;
        std::string_view last;
        for (const Row& row : Row::all()) {
            if (!holds(row)) continue;
            if (!last.empty()) text += (text.empty() ? "" : ", ") + std::string(last);
            last = row.name;
        }
        return text + (text.empty() ? "" : " or ") + std::string(last);
    }
    /// Null where there is none of that name.
    static const Row* find(std::string_view name) {
        for (const Row& row : Row::all())
            if (row.name == name) return &row;
        return nullptr;
    }

  private:
    const Row* row_;
};

template <typename Row>
std::string_view name(const OneOf<Row>& one) {
    return one.name();
}

}  // namespace lockstep::base
