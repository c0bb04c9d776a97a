#include "model/output_layer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "model/activation.hpp"

namespace lockstep::model {
namespace {

double softmax_cross_entropy(const Outputs& outputs) {
    double loss = 0;
    for (std::size_t i = 0; i < outputs.labels.size(); ++i) {
        const std::span<float> row(outputs.row(i), outputs.classes);
        const float largest = *std::max_element(row.begin(), row.end());
        for (float& value : row) value -= largest;
        loss -= static_cast<double>(row[outputs.labels[i]]);
    }
    exponentiate(outputs.values, outputs.count());
    for (std::size_t i = 0; i < outputs.labels.size(); ++i) {
        const std::span<float> row(outputs.row(i), outputs.classes);
        float sum = 0;
        for (const float value : row) sum += value;
        loss += std::log(static_cast<double>(sum));
        for (float& value : row) value /= sum;
    }
    return loss;
}

double sigmoid_squared_error(const Outputs& outputs) {
    double loss = 0;
    activate(Activation::sigmoid, outputs.values, outputs.count());
    for (std::size_t i = 0; i < outputs.labels.size(); ++i) {
        const std::span<const float> row(outputs.row(i), outputs.classes);
        for (std::size_t j = 0; j < row.size(); ++j) {
            const double distance = static_cast<double>(row[j]) - (j == outputs.labels[i] ? 1.0 : 0.0);
            loss += 0.5 * distance * distance;
        }
    }
    return loss;
}

}  // namespace

std::size_t count_correct(const Outputs& outputs) {
    std::size_t correct = 0;
    for (std::size_t i = 0; i < outputs.labels.size(); ++i) {
        const std::span<const float> row(outputs.row(i), outputs.classes);
        const std::size_t label = outputs.labels[i];
        bool largest = true;
        for (std::size_t j = 0; j < row.size(); ++j)
            largest = largest && (j < label ? row[j] < row[label] : row[j] <= row[label]);
        correct += largest ? 1U : 0U;
    }
    return correct;
}

double apply_loss(Loss kind, const Outputs& outputs) {
    assert(std::all_of(outputs.labels.begin(), outputs.labels.end(),
                       [&](std::uint8_t label) { return label < outputs.classes; }));
    return kind == Loss::cross_entropy ? softmax_cross_entropy(outputs) : sigmoid_squared_error(outputs);
}

void apply_loss_gradient(Loss kind, const Outputs& outputs) {
    for (std::size_t i = 0; i < outputs.labels.size(); ++i) {
        const std::span<float> row(outputs.row(i), outputs.classes);
        float& hit = row[outputs.labels[i]];
        float error = hit - 1.0F;
        if (kind == Loss::squared_error) {
            error *= hit * (1.0F - hit);
            for (float& value : row) value *= value * (1.0F - value);
        }
        hit = error;
    }
    const auto batch = static_cast<float>(outputs.labels.size());
    for (float& value : std::span(outputs.values, outputs.count())) value /= batch;
}

}  // namespace lockstep::model
