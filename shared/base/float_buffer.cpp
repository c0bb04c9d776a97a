#include "base/float_buffer.hpp"

#include <new>
#include <utility>

namespace lockstep::base {

FloatBuffer::FloatBuffer(std::size_t size)
    : FloatBuffer(new (std::align_val_t{alignment}) float[size](), size,
                  [](float* storage) { ::operator delete[](storage, std::align_val_t{alignment}); }) {}

FloatBuffer::FloatBuffer(float* storage, std::size_t size, std::function<void(float*)> release)
    : storage_(storage, std::move(release)), size_(size) {}

void FloatBuffer::when_released(std::function<void()> then) {
    auto& release = storage_.get_deleter();
    release = [first = std::move(release), then = std::move(then)](float* storage) {
        first(storage);
        then();
    };
}

}  // namespace lockstep::base
