#include "exchange/server/update_rule.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "exchange/server/staleness.hpp"

namespace lockstep::exchange {

void UpdateRule::apply(std::span<float> v, std::span<const float> w, std::span<const float> received,
                       std::uint64_t staleness) const {
    const float weight = weight_of(config_, staleness);
    backend::compute(flops(v.size(), weight), [&] {
        switch (config_.update) {
            case scenario::UpdateRule::delta:
                if (staleness == 0) return base::copy(v, w);
                return weight == 1 ? base::add_difference(v, w, received)
                                   : base::add_scaled_difference(v, w, received, weight);
            case scenario::UpdateRule::mix:
                return base::mix(v, w, weight * static_cast<float>(config_.beta));
            case scenario::UpdateRule::replace:
                return base::copy(v, w);
        }
    });
}

double UpdateRule::flops(std::size_t size, float weight) const {
    const auto values = static_cast<double>(size);
    switch (config_.update) {
        case scenario::UpdateRule::delta:
            return (weight == 1 ? 2 : 3) * values;
        case scenario::UpdateRule::mix:
            return 3 * values;
        case scenario::UpdateRule::replace:
            break;
    }
    return 0;
}

}  // namespace lockstep::exchange
