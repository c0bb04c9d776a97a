#pragma once

#include <string>

#include "study/validate/judgement.hpp"

namespace lockstep::study {

/// What is said of a change besides its times.
struct ChangeVerdict {
    Verdict of_difference = Verdict::shown;
    Verdict of_given_parameters = Verdict::shown;
    Verdict of_changed_parameters = Verdict::shown;
    bool is_none = false;  ///< is_none()
    bool simulated_may_be_none = false;
    double error_percent = 0;
    double tolerance_percent = 0;
    bool reference_is_simulated = false;

    /// That on the difference, or, where they are judged and graver, those on the parameters of either side.
    Verdict on_the_whole() const;
};

/// `PASS: the simulated difference is within 10 % of the measured one.`
std::string verdict_sentence(const ChangeVerdict& verdict);

/// Which sides should have ended with the same bits in both worlds, and have not; a line each.
std::string parameters_sentences(const ChangeVerdict& verdict);

}  // namespace lockstep::study
