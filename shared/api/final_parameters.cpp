#include "api/final_parameters.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/packing.hpp"
#include "base/vector_math.hpp"
#include "comm/agreement.hpp"

namespace lockstep {
namespace {

/// Of rank 0, on every rank.
base::FloatBuffer broadcast(comm::Communicator& communicator, base::FloatBuffer values) {
    std::string bytes;
    if (communicator.rank() == 0) {
        const auto raw = std::as_bytes(values.span());
        bytes.assign(reinterpret_cast<const char*>(raw.data()), raw.size());
    }
    communicator.broadcast_text(bytes, 0);
    std::ranges::copy(std::as_bytes(std::span(bytes)), std::as_writable_bytes(values.span()).begin());
    return values;
}

/// What ranks have told of v, put together in their order.
class Assembly {
  public:
    explicit Assembly(std::size_t values) : v_(values) {}

    void add(FinalParameters::Of of, std::size_t first, std::span<const float> told) {
        if (of == FinalParameters::Of::nothing || known_ == v_.size()) return;
        if (of == FinalParameters::Of::share) return add_share(told);
        base::copy(v_.span().subspan(first, told.size()), told);
        known_ += of == FinalParameters::Of::all ? v_.size() - known_ : told.size();
    }

    /// Throws base::InputError, whose subject is the method, where something is missing.
    base::FloatBuffer complete(std::string_view method, std::uint64_t steps, std::size_t workers) {
        if (known_ == v_.size()) return std::move(v_);
        if (known_ == 0 && shares_ == 0)
            throw base::InputError(
                fmt::format("train: {} reported no parameters after {} steps", method, steps));
        if (known_ > 0 || shares_ < workers)
            throw base::InputError(
                fmt::format("train: parameters that {} reported after {} steps", method, steps),
                known_ > 0 ? fmt::format("{} values", known_) : fmt::format("those of {} workers", shares_),
                known_ > 0 ? fmt::format("all {}", v_.size()) : fmt::format("those of all {}", workers));
        std::ranges::transform(sum_, v_.data(), [&](double value) {
            return static_cast<float>(value / static_cast<double>(shares_));
        });
        return std::move(v_);
    }

  private:
    void add_share(std::span<const float> share) {
        if (++shares_ == 1) return sum_.assign(share.begin(), share.end());
        for (std::size_t i = 0; i < share.size(); ++i) sum_[i] += static_cast<double>(share[i]);
    }

    base::FloatBuffer v_;
    std::size_t known_ = 0;  ///< values of it that have been told
    std::vector<double> sum_;
    std::size_t shares_ = 0;
};

}  // namespace

void FinalParameters::keep(Of of, std::uint64_t steps, std::size_t first, std::span<const float> values) {
    if ((steps < steps_ && method_.is_deterministic()) || !backend::arithmetic_is_real()) return;
    if (first > values_ || values.size() > values_ - first || (of != Of::part && values.size() < values_))
        throw base::InputError(
            fmt::format("train: parameters that {} reported", method_.traits().name),
            fmt::format("{} values from {} on", values.size(), first),
            fmt::format("{} of the {} of the start vector", of == Of::part ? "a part" : "all", values_));
    if (kept_.size() != values.size()) kept_ = base::FloatBuffer(values.size());
    base::copy(kept_, values);
    of_ = of;
    first_ = first;
}

base::FloatBuffer FinalParameters::gather(comm::Communicator& communicator, std::size_t workers) const {
    if (!backend::arithmetic_is_real()) return {};
    base::FloatBuffer v(communicator.rank() == 0 ? 0 : values_);
    if (communicator.rank() != 0) {
        communicator.send_bytes(base::pack(static_cast<int>(of_)), 0);
        communicator.send_bytes(base::pack(std::uint64_t{first_}), 0);
        communicator.send_bytes(base::pack(kept_), 0);
    }
    comm::agreed(communicator, [&] {
        if (communicator.rank() != 0) return;
        Assembly assembly(values_);
        assembly.add(of_, first_, kept_);
        for (std::size_t rank = 1; rank < communicator.size(); ++rank) {
            const auto of = static_cast<Of>(base::unpack<int>(communicator.receive_bytes(rank)));
            const auto first = base::unpack<std::uint64_t>(communicator.receive_bytes(rank));
            assembly.add(of, first, base::unpack<base::FloatBuffer>(communicator.receive_bytes(rank)));
        }
        v = assembly.complete(method_.traits().name, steps_, workers);
    });
    return broadcast(communicator, std::move(v));
}

void FinalParameters::applied(const exchange::Update& update) {
    ++updates_;
    staleness_ += update.version_applied - update.version_read;
    next_.applied(update);
}

void FinalParameters::shared_parameters(std::uint64_t steps, std::span<const float> v) {
    keep(Of::all, steps, 0, v);
    next_.shared_parameters(steps, v);
}

void FinalParameters::worker_share(std::uint64_t steps, std::span<const float> w) {
    keep(Of::share, steps, 0, w);
    next_.worker_share(steps, w);
}

void FinalParameters::server_share(std::uint64_t steps, std::size_t first, std::span<const float> part) {
    keep(Of::part, steps, first, part);
    next_.server_share(steps, first, part);
}

void FinalParameters::interrupted(std::uint64_t contributions, std::span<const float> v) {
    next_.interrupted(contributions, v);
}

void FinalParameters::own_parameters(std::uint64_t step, std::span<const float> w) {
    next_.own_parameters(step, w);
}

}  // namespace lockstep
