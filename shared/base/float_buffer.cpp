#include "base/float_buffer.hpp"

#include <new>
#include <utility>

namespace lockstep::base {

FloatBuffer::FloatBuffer(std::size_t size)
    : FloatBuffer(new (std::align_val_t{alignment}) float[size](), size,
                  [](float* storage) { ::operator delete[](storage, std::align_val_t{alignment}); }) {}

FloatBuffer::FloatBuffer(float* storage, std::size_t size, std::function<void(float*)> release)
    : storage_(storage, std::move(release)), size_(size) {}

}  // namespace lockstep::base
