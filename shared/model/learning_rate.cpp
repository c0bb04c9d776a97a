#include "model/learning_rate.hpp"

namespace lockstep::model {

double learning_rate(double lr, double decay, std::size_t epoch) {
    for (std::size_t i = 0; i < epoch; ++i) lr *= decay;
    return lr;
}

}  // namespace lockstep::model
