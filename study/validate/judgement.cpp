#include "study/validate/judgement.hpp"

namespace lockstep::study {

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::inconclusive:
            return "INCONCLUSIVE";
        case Verdict::fail:
            return "FAIL";
        case Verdict::shown:
        case Verdict::pass:
            break;
    }
    return word(verdict);
}

std::string_view word(Verdict verdict) {
    switch (verdict) {
        case Verdict::shown:
            return "shown";
        case Verdict::pass:
            return "pass";
        case Verdict::inconclusive:
            return "inconclusive";
        case Verdict::fail:
            return "fail";
    }
    return {};
}

std::optional<Verdict> verdict_of(std::string_view word) {
    for (const Verdict verdict : {Verdict::shown, Verdict::pass, Verdict::inconclusive, Verdict::fail})
        if (word == study::word(verdict)) return verdict;
    return {};
}

Verdict judged(const Distance& distance, double tolerance) {
    const bool is_noisy = distance.noise > tolerance;
    if (!is_noisy) return distance.of_medians <= tolerance ? Verdict::pass : Verdict::fail;
    const bool may_be_right = distance.of_intervals <= tolerance || distance.of_medians <= tolerance;
    return may_be_right ? Verdict::inconclusive : Verdict::fail;
}

}  // namespace lockstep::study
