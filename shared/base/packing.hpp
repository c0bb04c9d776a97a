#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/float_buffer.hpp"

namespace lockstep::base {

/// For lists of a record's members, `visit_fields(archive, record)`, found beside the record: `archive(name,
/// member)` is called for every member; the record is const where it is written and not where it is read.
template <typename Record, typename Plain>
concept ConstOrNot = std::same_as<std::remove_const_t<Record>, Plain>;

/// Appends values to bytes: what is trivially copyable as it lies in memory; of texts, vectors, buffers and
/// maps first their number; of records the members that visit_fields() lists.
class Packer {
  public:
    template <typename Value>
    void operator()(std::string_view /*name*/, const Value& value) {
        add(value);
    }

    template <typename Value>
    void add(const Value& value) {
        if constexpr (std::is_trivially_copyable_v<Value>)
            append(std::as_bytes(std::span(&value, 1)));
        else if constexpr (requires { visit_fields(*this, value); })
            visit_fields(*this, value);
        else
            add_all(value);
    }

    std::vector<std::byte> bytes;

  private:
    template <typename Key, typename Value, typename Less>
    void add_all(const std::map<Key, Value, Less>& map) {
        add(std::uint64_t{map.size()});
        for (const auto& [key, value] : map) {
            add(key);
            add(value);
        }
    }
    void add_all(const auto& values) {
        add(std::uint64_t{values.size()});
        const std::span all(values.data(), values.size());
        if constexpr (std::is_trivially_copyable_v<typename decltype(all)::value_type>)
            append(std::as_bytes(all));
        else
            for (const auto& value : all) add(value);
    }
    void append(std::span<const std::byte> more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
};

/// Takes them from the front. Precondition: a Packer has been told of the same types in the same order. Where
/// the bytes may be damaged, values may be any; what takes more than is left throws InputError, before there
/// is room for it: no more memory is taken than a multiple of the bytes, by the size of a record.
class Unpacker {
  public:
    explicit Unpacker(std::span<const std::byte> bytes) : rest_(bytes) {}

    template <typename Value>
    void operator()(std::string_view /*name*/, Value& value) {
        take(value);
    }

    template <typename Value>
    void take(Value& value) {
        if constexpr (std::is_trivially_copyable_v<Value>) {
            take_bytes(std::as_writable_bytes(std::span(&value, 1)));
        } else if constexpr (requires { visit_fields(*this, value); }) {
            visit_fields(*this, value);
        } else {
            std::uint64_t size = 0;
            take(size);
            take_all(value, size);
        }
    }

  private:
    template <typename Key, typename Value, typename Less>
    void take_all(std::map<Key, Value, Less>& map, std::uint64_t size) {
        for (; size > 0; --size) {
            Key key{};
            take(key);
            take(map[key]);
        }
    }
    void take_all(auto& values, std::uint64_t size) {
        using One = std::remove_pointer_t<decltype(values.data())>;
        constexpr bool is_plain = std::is_trivially_copyable_v<One>;
        constexpr std::size_t least_of_one = is_plain ? sizeof(One) : 1;
        if (size > rest_.size() / least_of_one) refuse();
        make_room(values, size);
        const std::span all(values.data(), values.size());
        if constexpr (is_plain)
            take_bytes(std::as_writable_bytes(all));
        else
            for (auto& value : all) take(value);
    }
    static void make_room(FloatBuffer& values, std::uint64_t size) { values = FloatBuffer(size); }
    static void make_room(auto& values, std::uint64_t size) { values.resize(size); }
    void take_bytes(std::span<std::byte> target) {
        if (target.size() > rest_.size()) refuse();
        std::ranges::copy(rest_.first(target.size()), target.begin());
        rest_ = rest_.subspan(target.size());
    }
    [[noreturn]] static void refuse() { throw InputError("what is unpacked: ends early"); }

    std::span<const std::byte> rest_;
};

/// To bytes and back, between ranks of one program on machines of one architecture.
template <typename Value>
std::vector<std::byte> pack(const Value& value) {
    Packer packer;
    packer.add(value);
    return std::move(packer.bytes);
}

/// Errors: InputError where the bytes end early.
template <typename Value>
Value unpack(std::span<const std::byte> bytes) {
    Value value{};
    Unpacker(bytes).take(value);
    return value;
}

}  // namespace lockstep::base
