#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/one_of.hpp"
#include "option/kind.hpp"

namespace lockstep::exchange {

enum class Server { none, dedicated };
inline constexpr base::Named<Server> server_names[]{{Server::none, "none"}, {Server::dedicated, "dedicated"}};
constexpr std::span<const base::Named<Server>> names_of(Server /*any*/) {
    return server_names;
}

/// Of methods that do with and without a server.
struct ServerChoice {
    Server server = Server::none;

    bool operator==(const ServerChoice&) const = default;
    static std::vector<option::Option<ServerChoice>> options();
};

/// Of methods that can serve each part of v on its own.
struct ServerParts {
    std::size_t servers = 1;

    bool operator==(const ServerParts&) const = default;
    static std::vector<option::Option<ServerParts>> options();
};

/// The values of v that one of several servers holds.
struct Part {
    std::size_t first;
    std::size_t size;
};

/// Part `index` of `values` values in `parts` parts as equal as can be, the larger ones first. 8 values on 3
/// servers: 0-2, 3-5, 6-7.
constexpr Part part_of(std::size_t values, std::size_t parts, std::size_t index) {
    const std::size_t size = values / parts;
    const std::size_t larger = values % parts;
    const std::size_t ahead = index < larger ? index : larger;
    return {index * size + ahead, size + (index < larger ? 1 : 0)};
}

}  // namespace lockstep::exchange
