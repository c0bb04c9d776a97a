#include "api/final_parameters.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "base/packing.hpp"
#include "base/vector_math.hpp"

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

}  // namespace

void FinalParameters::keep(Of of, std::uint64_t steps, std::size_t first, std::span<const float> values) {
    if ((steps < steps_ && !always_copies_) || !backend::arithmetic_is_real()) return;
    if (kept_.size() != values.size()) kept_ = base::FloatBuffer(values.size());
    base::copy(kept_, values);
    of_ = of;
    first_ = first;
}

base::FloatBuffer FinalParameters::gather(comm::Communicator& communicator, std::size_t values) const {
    if (!backend::arithmetic_is_real()) return {};
    base::FloatBuffer v(values);
    if (communicator.rank() != 0) {
        communicator.send_bytes(base::pack(static_cast<int>(of_)), 0);
        communicator.send_bytes(base::pack(std::uint64_t{first_}), 0);
        communicator.send_bytes(base::pack(kept_), 0);
        return broadcast(communicator, std::move(v));
    }
    std::vector<double> sum(values, 0.0);
    std::size_t shares = 0;
    bool is_known = false;  // one rank has told of all of it
    const auto add = [&](Of of, std::size_t first, std::span<const float> part) {
        if (of == Of::nothing || is_known) return;
        if (of == Of::all) std::ranges::fill(sum, 0.0);
        for (std::size_t i = 0; i < part.size(); ++i) sum[first + i] += static_cast<double>(part[i]);
        if (of == Of::share) ++shares;
        if (of == Of::all) is_known = true;
    };
    add(of_, first_, kept_);
    for (std::size_t rank = 1; rank < communicator.size(); ++rank) {
        const auto of = static_cast<Of>(base::unpack<int>(communicator.receive_bytes(rank)));
        const auto first = base::unpack<std::uint64_t>(communicator.receive_bytes(rank));
        add(of, first, base::unpack<base::FloatBuffer>(communicator.receive_bytes(rank)));
    }
    const double divisor = is_known || shares == 0 ? 1.0 : static_cast<double>(shares);
    std::ranges::transform(sum, v.data(), [&](double value) { return static_cast<float>(value / divisor); });
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
