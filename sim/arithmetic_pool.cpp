#include "sim/arithmetic_pool.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/process/signals_wait.hpp"

namespace lockstep::sim {

ArithmeticPool::ArithmeticPool(std::size_t threads) {
    threads_.reserve(threads);
    const base::SignalsWait in_threads;  // a handler's stack is that of the thread that runs the program
    try {
        for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
    } catch (const std::system_error&) {  // the system gives no more
    }
}

ArithmeticPool::~ArithmeticPool() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    posted_.notify_all();
}

void ArithmeticPool::serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
        posted_.wait(lock, [this] { return closing_ || !queue_.empty(); });
        if (queue_.empty()) return;
        Piece* piece = queue_.front();
        queue_.pop_front();
        piece->state_ = Piece::State::running;
        lock.unlock();
        piece->run_and_mark();
        lock.lock();
    }
}

ArithmeticPool::Piece::Piece(ArithmeticPool& pool, base::FunctionRef<void()> work)
    : pool_(pool), work_(work) {
    if (pool_.threads_.empty()) return;
    {
        const std::lock_guard lock(pool_.mutex_);
        pool_.queue_.push_back(this);
    }
    pool_.posted_.notify_one();
}

ArithmeticPool::Piece::~Piece() {
    std::unique_lock lock(pool_.mutex_);
    std::erase(pool_.queue_, this);
    pool_.done_.wait(lock, [this] { return state_ != State::running; });
}

void ArithmeticPool::Piece::run_and_mark() {
    std::exception_ptr error;
    try {
        work_();
    } catch (...) {
        error = std::current_exception();
    }
    {
        // Notified under the lock: the piece may be gone as soon as its owner sees it done.
        const std::lock_guard lock(pool_.mutex_);
        error_ = std::move(error);
        state_ = State::done;
        pool_.done_.notify_all();
    }
}

void ArithmeticPool::Piece::finish() {
    std::unique_lock lock(pool_.mutex_);
    if (state_ == State::waiting) {
        std::erase(pool_.queue_, this);
        state_ = State::running;
        lock.unlock();
        run_and_mark();
        lock.lock();
    }
    // While another thread is at it, this one takes what nobody has begun, from the end that is needed last.
    while (state_ == State::running && !pool_.queue_.empty()) {
        Piece* other = pool_.queue_.back();
        pool_.queue_.pop_back();
        other->state_ = State::running;
        lock.unlock();
        other->run_and_mark();
        lock.lock();
    }
    pool_.done_.wait(lock, [this] { return state_ == State::done; });
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

}  // namespace lockstep::sim
