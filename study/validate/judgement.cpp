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

Verdict judged(double error, double tolerance, double noise) {
    const bool is_noisy = noise > tolerance;
    if (!is_noisy) return error <= tolerance ? Verdict::pass : Verdict::fail;
    return error <= tolerance + noise ? Verdict::inconclusive : Verdict::fail;
}

}  // namespace lockstep::study
