#include "study/text_request.hpp"

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/file.hpp"
#include "scenario/help.hpp"

namespace lockstep::study {

bool show_text_asked_for(const scenario::Invocation& invocation, const CommandPage& page) {
    if (invocation.help)
        base::print_to_stdout(scenario::help(page.usage(), page.groups(), page.keys, page.keys_title));
    else if (invocation.version)
        base::print_to_stdout(fmt::format("lockstep {} ({})\n", base::version(), base::git_revision()));
    return invocation.help || invocation.version;
}

}  // namespace lockstep::study
