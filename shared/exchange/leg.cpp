#include "exchange/leg.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::exchange {

void Memory::put(std::string_view name, std::span<const std::byte> bytes) {
    const auto found = values_.find(name);
    std::vector<std::byte>& value = found != values_.end() ? found->second : values_[std::string(name)];
    value.assign(bytes.begin(), bytes.end());
}

std::span<const std::byte> Memory::find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::span<const std::byte>() : found->second;
}

void Memory::get(std::string_view name, std::span<std::byte> bytes) const {
    const auto found = values_.find(name);
    if (found == values_.end())
        throw base::InputError(fmt::format("what was kept as {}", name), "nothing",
                               "what this run goes on from", "it is of another method or version");
    if (found->second.size() != bytes.size())
        throw base::InputError(fmt::format("what was kept as {}", name),
                               fmt::format("{} bytes", found->second.size()),
                               fmt::format("{}, as this run has them", bytes.size()));
    std::ranges::copy(found->second, bytes.begin());
}

}  // namespace lockstep::exchange
