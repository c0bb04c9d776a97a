#include "study/text_request.hpp"

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/file.hpp"
#include "scenario/help.hpp"

namespace lockstep::study {

bool show_text_asked_for(const scenario::Invocation& invocation, std::string_view usage,
                         std::span<const scenario::ExtraOption> extra, std::string_view extra_title) {
    if (invocation.help)
        base::print_to_stdout(scenario::help(usage, scenario::all_groups, extra, extra_title));
    else if (invocation.version)
        base::print_to_stdout(fmt::format("lockstep {} ({})\n", base::version(), base::git_revision()));
    return invocation.help || invocation.version;
}

}  // namespace lockstep::study
