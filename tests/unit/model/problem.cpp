#include "problem.hpp"

#include <sstream>

#include "base/random.hpp"

namespace lockstep::test {

Problem::Problem(const model::Architecture& architecture, std::size_t samples, std::uint64_t seed)
    : network(architecture),
      parameters(network.parameter_count()),
      images(samples * architecture.inputs),
      labels(samples) {
    base::RandomStream random(seed, base::Purpose::test);
    for (float& value : parameters.span()) value = static_cast<float>(random.uniform(-1, 1));
    for (float& value : images.span()) value = static_cast<float>(random.uniform());
    for (auto& label : labels)
        label = static_cast<std::uint8_t>(random.below(static_cast<std::uint32_t>(architecture.outputs)));
}

std::string describe(const model::Architecture& architecture) {
    constexpr const char* activations[] = {"sigmoid", "tanh", "relu"};
    constexpr const char* losses[] = {"cross-entropy", "squared error"};
    std::ostringstream text;
    text << architecture.inputs << '-';
    for (const std::size_t width : architecture.hidden) text << width << '-';
    text << architecture.outputs << ", " << activations[static_cast<std::size_t>(architecture.activation)]
         << ", " << losses[static_cast<std::size_t>(architecture.loss)];
    return text.str();
}

std::vector<model::Architecture> all_kinds() {
    std::vector<model::Architecture> kinds;
    for (const auto activation :
         {model::Activation::sigmoid, model::Activation::tanh, model::Activation::relu})
        for (const auto loss : {model::Loss::cross_entropy, model::Loss::squared_error})
            for (const auto& hidden : {std::vector<std::size_t>{}, {5}, {6, 4}})
                kinds.push_back({7, hidden, 3, activation, loss});
    return kinds;
}

}  // namespace lockstep::test
