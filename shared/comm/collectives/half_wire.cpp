#include "comm/collectives/half_wire.hpp"

#include <cassert>

#include "backend/backend.hpp"
#include "compression/half.hpp"

namespace lockstep::comm {
namespace {

std::unique_ptr<compression::Codec> codec_of(WireFormat format) {
    assert(format != WireFormat::float32);
    if (format == WireFormat::float16) return std::make_unique<compression::Float16>();
    return std::make_unique<compression::Bfloat16>();
}

}  // namespace

HalfWire::HalfWire(WireFormat format, std::size_t values)
    : codec_(codec_of(format)),
      outgoing_(backend::make_buffer(codec_->words(values))),
      incoming_(backend::make_buffer(codec_->words(values))) {}

std::span<const float> HalfWire::pack(std::span<float> vector) {
    const auto words = outgoing_.span().first(codec_->words(vector.size()));
    const double flops = codec_->encode_flops(vector.size()) + codec_->decode_flops(vector.size());
    backend::compute({flops, backend::Kind::code}, [&] {
        base::RandomStream unused(0, base::Purpose::compression);
        codec_->encode(vector, unused, words);
        codec_->decode(words, vector);
    });
    return words;
}

std::span<float> HalfWire::inbox(std::size_t values) {
    return incoming_.span().first(codec_->words(values));
}

void HalfWire::unpack(std::span<float> vector) {
    backend::compute({codec_->decode_flops(vector.size()), backend::Kind::code},
                     [&] { codec_->decode(inbox(vector.size()), vector); });
}

}  // namespace lockstep::comm
