#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "base/float_buffer.hpp"
#include "comm/collectives/stepwise_ring.hpp"
#include "exchange/participant.hpp"

namespace lockstep::exchange {

/// Sums a gradient over workers while it is being computed (Li et al., "PyTorch distributed: experiences on
/// accelerating data parallel training", VLDB 2020, section 3.2.3). The vector is cut into equal buckets;
/// from its end on each is handed to a ring as soon as all its values are known, one ring after the other.
///
/// Example, 4 buckets on a network whose last layer has a tenth of the parameters: bucket 3 waits for the
/// layer below, and then travels while the lowest one is computed.
class BucketedSum : public GradientWatcher {
  public:
    /// In so many buckets. Where messages do not move while a rank computes nothing is sent before finish().
    BucketedSum(const Participant& participant, std::size_t buckets);

    /// `vector` is to become the sum over the workers; of the same length every time.
    void start(std::span<float> vector);
    void known_from(std::size_t first) override;
    void meanwhile() override;
    /// After the gradient: the sum is complete on return.
    void finish();

  private:
    std::span<float> bucket(std::size_t index) const;
    bool may_start_another() const;
    /// Starts the next bucket's ring where one may start.
    void start_next();

    comm::Group group_;
    std::size_t buckets_;
    std::span<float> vector_;
    base::FloatBuffer scratch_;
    std::optional<comm::StepwiseRing> ring_;  ///< of the bucket that is under way
    std::size_t known_from_ = 0;
    std::size_t left_ = 0;  ///< buckets that have not started; the next is left_ - 1
    double began_s_ = 0;    ///< messages under way since
};

}  // namespace lockstep::exchange
