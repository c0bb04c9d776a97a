#include "study/validate/against/verdict_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "study/validate/tables.hpp"

namespace lockstep::study {
namespace {

std::string why_passed(const ChangeVerdict& verdict) {
    if (!verdict.is_none)
        return fmt::format("the simulated difference is within {:g} % of the {} one",
                           verdict.tolerance_percent,
                           verdict.reference_is_simulated ? "reference's" : "measured");
    return verdict.simulated_may_be_none
               ? "neither world shows a difference"
               : "the measured difference may be none, and the simulated one lies within its interval";
}

std::string on_difference(const ChangeVerdict& verdict) {
    switch (verdict.of_difference) {
        case Verdict::pass:
            return why_passed(verdict);
        case Verdict::inconclusive:
            return fmt::format(
                "the differences are known less well than the tolerance, {:g} %, asks: make more pairs "
                "(--pairs), or let the runs take longer",
                verdict.tolerance_percent);
        case Verdict::fail:
        case Verdict::shown:
            break;
    }
    if (!std::isfinite(verdict.error_percent))
        return "there is a simulated difference, and none was measured";
    return fmt::format(
        "the simulated difference is off by {}: neither the tolerance of {:g} % nor noise explains it",
        signed_percent(verdict.error_percent), verdict.tolerance_percent);
}

}  // namespace

Verdict ChangeVerdict::on_the_whole() const {
    return std::max({of_difference, of_given_parameters, of_changed_parameters});
}

std::string verdict_sentence(const ChangeVerdict& verdict) {
    const Verdict whole = verdict.on_the_whole();
    return fmt::format("{}: {}.", whole == Verdict::pass ? "PASS" : name(whole),
                       whole == verdict.of_difference ? on_difference(verdict)
                                                      : "the parameters are not the same in both worlds");
}

std::string parameters_sentences(const ChangeVerdict& verdict) {
    std::string text;
    if (verdict.of_given_parameters == Verdict::fail) text += "Parameters as given differ.\n";
    if (verdict.of_changed_parameters == Verdict::fail) text += "Parameters of the changed side differ.\n";
    return text;
}

}  // namespace lockstep::study
