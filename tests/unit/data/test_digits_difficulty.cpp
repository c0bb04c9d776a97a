#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>

#include <Eigen/Dense>

#include "base/random.hpp"
#include "data/digits.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::data;

namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowVector = Eigen::RowVectorXf;

Matrix scaled(const Samples& samples) {
    using Bytes = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto rows = static_cast<Eigen::Index>(samples.size());
    return Eigen::Map<const Bytes>(samples.pixels.data(), rows, 784).cast<float>() / 255.0F;
}

Matrix random_weights(Eigen::Index outputs, Eigen::Index inputs, base::RandomStream& stream) {
    const double limit = std::sqrt(6.0 / static_cast<double>(inputs + outputs));
    return Matrix::NullaryExpr(outputs, inputs,
                               [&] { return static_cast<float>(stream.uniform(-limit, limit)); });
}

/// A plain network with one sigmoid layer, or with `hidden` 0 softmax regression, written down independently
/// of model/.
class Reference {
  public:
    explicit Reference(Eigen::Index hidden) : hidden_(hidden) {
        base::RandomStream stream(1, base::Purpose::test);
        if (hidden > 0) lower_ = random_weights(hidden, 784, stream);
        lower_bias_ = RowVector::Zero(hidden);
        upper_ = random_weights(10, hidden > 0 ? hidden : 784, stream);
        upper_bias_ = RowVector::Zero(10);
    }

    void step(const Matrix& images, std::span<const std::uint8_t> labels, float rate) {
        const Matrix features = lower(images);
        Matrix error = upper(features);
        for (Eigen::Index i = 0; i < error.rows(); ++i) {
            error.row(i) = (error.row(i).array() - error.row(i).maxCoeff()).exp();
            error.row(i) /= error.row(i).sum();
            error(i, labels[static_cast<std::size_t>(i)]) -= 1;
        }
        error *= rate / static_cast<float>(error.rows());
        if (hidden_ > 0) {
            const Matrix below =
                ((error * upper_).array() * features.array() * (1 - features.array())).matrix();
            lower_ -= below.transpose() * images;
            lower_bias_ -= below.colwise().sum();
        }
        upper_ -= error.transpose() * features;
        upper_bias_ -= error.colwise().sum();
    }

    double accuracy(const Matrix& images, std::span<const std::uint8_t> labels) const {
        const Matrix scores = upper(lower(images));
        double right = 0;
        for (Eigen::Index i = 0; i < scores.rows(); ++i) {
            Eigen::Index best = 0;
            scores.row(i).maxCoeff(&best);
            right += best == labels[static_cast<std::size_t>(i)] ? 1 : 0;
        }
        return right / static_cast<double>(scores.rows());
    }

  private:
    Matrix lower(const Matrix& images) const {
        if (hidden_ == 0) return images;
        const Matrix sums = (images * lower_.transpose()).rowwise() + lower_bias_;
        return (1 + (-sums.array()).exp()).inverse().matrix();
    }

    Matrix upper(const Matrix& features) const {
        return (features * upper_.transpose()).rowwise() + upper_bias_;
    }

    Eigen::Index hidden_;
    Matrix lower_;
    RowVector lower_bias_;
    Matrix upper_;
    RowVector upper_bias_;
};

/// Test accuracy after the default run: lr 1, lr-decay 0.99 an epoch, batch 100, 5 epochs.
double accuracy_after_default_run(const Dataset& digits, Eigen::Index hidden) {
    const Matrix images = scaled(digits.train);
    std::vector<std::uint32_t> order(digits.train.size());
    std::iota(order.begin(), order.end(), 0U);
    Reference network(hidden);
    Matrix batch(100, 784);
    std::vector<std::uint8_t> labels(100);
    float rate = 1;
    for (std::uint32_t epoch = 0; epoch < 5; ++epoch, rate *= 0.99F) {
        base::RandomStream(1, base::Purpose::test, 1, epoch).shuffle(order);
        for (std::size_t first = 0; first + 100 <= order.size(); first += 100) {
            for (std::size_t i = 0; i < 100; ++i) {
                batch.row(static_cast<Eigen::Index>(i)) = images.row(order[first + i]);
                labels[i] = digits.train.labels[order[first + i]];
            }
            network.step(batch, labels, rate);
        }
    }
    return network.accuracy(scaled(digits.test), digits.test.labels.span());
}

}  // namespace

TEST_CASE("softmax regression finds the digits hard, a hidden layer clearly less so") {
    const Dataset digits = make_digits(default_train_digits, default_test_digits, 1);
    const double linear = accuracy_after_default_run(digits, 0);
    const double hidden = accuracy_after_default_run(digits, 64);
    CAPTURE(linear, hidden);
    CHECK(linear > 0.85);
    CHECK(linear < 0.91);
    CHECK(hidden > linear + 0.04);
}
