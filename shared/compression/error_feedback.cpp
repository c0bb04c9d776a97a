#include "compression/error_feedback.hpp"

#include "base/vector_math.hpp"

namespace lockstep::compression {

std::span<const float> ErrorFeedback::add(std::span<const float> update) {
    base::add(owed_, update);
    return owed_;
}

void ErrorFeedback::subtract(std::span<const float> decoded) {
    base::descend(owed_, decoded, 1.0F);
}

std::span<const float> ErrorFeedback::encode(Codec& codec, base::RandomStream& draws, std::span<float> code) {
    codec.encode(owed_, draws, code);
    codec.decode(code, decoded_);
    subtract(decoded_);
    return decoded_;
}

}  // namespace lockstep::compression
