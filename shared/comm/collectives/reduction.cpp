#include "comm/collectives/reduction.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"

namespace lockstep::comm {

void add_charged(std::span<float> vector, std::span<const float> incoming) {
    backend::compute(static_cast<double>(vector.size()), [&] { base::add(vector, incoming); });
}

}  // namespace lockstep::comm
