#include "comm/collectives/reduction.hpp"

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"

namespace lockstep::comm {

void require_scratch(std::string_view call, std::span<const float> vector, std::span<const float> scratch) {
    if (scratch.size() < vector.size())
        throw base::InputError(fmt::format("{}: scratch", call), fmt::format("{} values", scratch.size()),
                               fmt::format("at least as many as the vector has, {}", vector.size()));
}

void add_charged(std::span<float> vector, std::span<const float> incoming) {
    backend::compute(static_cast<double>(vector.size()), [&] { base::add(vector, incoming); });
}

}  // namespace lockstep::comm
