#include "exchange/server/update_rule.hpp"

#include <memory>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"
#include "exchange/participant.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

using Vector = std::span<float>;
using View = std::span<const float>;

void add_progress(Vector v, View w, View received, float weight, float /*beta*/) {
    return weight == 1 ? base::add_difference(v, w, received)
                       : base::add_scaled_difference(v, w, received, weight);
}
void mix_in(Vector v, View w, View /*received*/, float weight, float beta) {
    base::mix(v, w, weight * beta);
}
void replace_by(Vector v, View w, View /*received*/, float /*weight*/, float /*beta*/) {
    base::copy(v, w);
}

constexpr UpdateRuleRow rules[]{{"delta", add_progress, 2, 3, true, false, true, true},
                                {"mix", mix_in, 3, 3, false, true, true, false},
                                {"replace", replace_by, 0, 0, false, false, false, false}};

}  // namespace

std::span<const UpdateRuleRow> UpdateRuleRow::all() {
    return rules;
}

std::vector<option::Option<Updating>> Updating::options() {
    return {{"update", option::choice(&Updating::update),
             "What is done with a worker's parameters w and the shared v. delta: v += w - "
             "(v as the worker last received it); mix: v = (1 - beta) v + beta w; replace: v = w."},
            {"beta", option::of(&Updating::beta, option::positive_real(1)),
             "Weight of the worker in --update mix.", "with --update mix",
             [](const Updating& chosen) { return chosen.update->has_beta; }}};
}

void Updating::apply(std::span<float> v, std::span<const float> w, std::span<const float> received,
                     std::uint64_t staleness, const Weighing& weighing) const {
    const float weight = weighing.weight(staleness);
    backend::compute({flops(weight) * static_cast<double>(v.size()), backend::Kind::update}, [&] {
        if (staleness == 0 && update->replaces_where_fresh) return base::copy(v, w);
        update->apply(v, w, received, weight, static_cast<float>(beta));
    });
}

std::vector<UpdateKernel> Updating::kernels(std::size_t values, std::uint64_t staleness,
                                            const Weighing& weighing, double a_step) const {
    const float weight = weighing.weight(staleness);
    if (flops(weight) == 0) return {};
    const auto begin = [=, updating = *this](std::span<const float> start) -> UpdateKernel::Action {
        const auto v = std::make_shared<base::FloatBuffer>(travelling_copy(start));
        const auto received = std::make_shared<base::FloatBuffer>(travelling_copy(start));
        return [=](std::span<float> w) { updating.apply(*v, w, *received, staleness, weighing); };
    };
    return {UpdateKernel{fmt::format("{}{}", weight == 1 ? "" : "weighed ", update.name()), a_step,
                         flops(weight) * static_cast<double>(values), begin}};
}

void Updating::check(const Weighing& weighing) const {
    if (weighing.weighs() && !update->takes_weights)
        throw base::InputError("--step-size", weighing.step_size.name(), "constant with --update replace",
                               "a part of a replacement has no meaning; --update mix has one");
}

}  // namespace lockstep::exchange
