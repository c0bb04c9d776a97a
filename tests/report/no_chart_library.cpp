#include "study/report/page/assets.hpp"

namespace lockstep::study {

std::string_view chart_library() {
    return {};
}

}  // namespace lockstep::study
