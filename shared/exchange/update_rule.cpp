#include "exchange/update_rule.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"

namespace lockstep::exchange {

void UpdateRule::apply(std::span<float> v, std::span<const float> w, std::span<const float> received,
                       bool current) const {
    backend::compute(flops(v.size()), [&] {
        switch (rule_) {
            case scenario::UpdateRule::delta:
                return current ? base::copy(v, w) : base::add_difference(v, w, received);
            case scenario::UpdateRule::mix:
                return base::mix(v, w, beta_);
            case scenario::UpdateRule::replace:
                return base::copy(v, w);
        }
    });
}

double UpdateRule::flops(std::size_t size) const {
    const auto values = static_cast<double>(size);
    switch (rule_) {
        case scenario::UpdateRule::delta:
            return 2 * values;
        case scenario::UpdateRule::mix:
            return 3 * values;
        case scenario::UpdateRule::replace:
            break;
    }
    return 0;
}

}  // namespace lockstep::exchange
