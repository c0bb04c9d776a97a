#include "model/phantom_model.hpp"

#include <algorithm>
#include <array>

namespace lockstep::model {
namespace {

constexpr std::string_view torchvision = "torchvision 0.15, num_params and _ops of the model's weights";
constexpr std::string_view electra =
    "Clark et al., \"ELECTRA\" (2020), table 1: sequences of 128 tokens; its FLOPs count multiplications and "
    "additions apart";

constexpr std::array<PhantomModel, 10> table{{
    {"alexnet", 61'100'840, 0.714e9, torchvision},
    {"vgg-16", 138'357'544, 15.47e9, torchvision},
    {"resnet-18", 11'689'512, 1.814e9, torchvision},
    {"resnet-50", 25'557'032, 4.089e9, torchvision},
    {"resnet-152", 60'192'808, 11.514e9, torchvision},
    {"inception-v3", 27'161'264, 5.713e9, torchvision},
    {"densenet-121", 7'978'856, 2.834e9, torchvision},
    {"mobilenet-v2", 3'504'872, 0.301e9, torchvision},
    {"bert-base", 110e6, 14.5e9, electra},
    {"bert-large", 335e6, 39.5e9, electra},
}};

}  // namespace

std::span<const PhantomModel> phantom_models() {
    return table;
}

const PhantomModel* find_phantom_model(std::string_view name) {
    const auto* const found = std::ranges::find(table, name, &PhantomModel::name);
    return found == table.end() ? nullptr : &*found;
}

}  // namespace lockstep::model
