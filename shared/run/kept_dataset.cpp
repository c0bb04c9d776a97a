#include "run/kept_dataset.hpp"

#include <exception>

#include "model/products.hpp"
#include "run/problem.hpp"

namespace lockstep::run {

KeptDataset::Source KeptDataset::source_of(const scenario::Config& config) {
    return {config.data, config.train_samples, config.test_samples, config.seed, config.data_cache};
}

void KeptDataset::expect(const scenario::Config& config) noexcept {
    if (scenario::timing_only(config)) return;
    try {
        model::prepare_products();
        Source source = source_of(config);
        if (last_ != source) {
            dataset_ = nullptr;
            last_ = std::move(source);
        } else if (dataset_ == nullptr) {
            dataset_ = load_dataset(config);
        }
    } catch (const std::exception&) {
        dataset_ = nullptr;
    }
}

std::shared_ptr<const data::Dataset> KeptDataset::of(const scenario::Config& config) const {
    if (scenario::timing_only(config) || last_ != source_of(config)) return nullptr;
    return dataset_;
}

}  // namespace lockstep::run
