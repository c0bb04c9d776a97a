#include "study/break_even/command.hpp"

#include "base/file.hpp"
#include "study/break_even/break_even.hpp"
#include "study/text_request.hpp"

namespace lockstep::study {
namespace {

std::string rendered(const BreakEvenRequest& request, const BreakEven& found) {
    switch (request.scenario.format) {
        case scenario::Format::json:
            return to_json(request, found);
        case scenario::Format::csv:
            return to_csv(request, found);
        case scenario::Format::table:
            return to_text(request, found);
    }
    return {};
}

}  // namespace

int run_break_even(std::span<const std::string> arguments) {
    const CommandPage& page = page_of("break-even");
    const auto& extra = page.keys;
    const scenario::Invocation invocation = scenario::parse(arguments, extra);
    if (show_text_asked_for(invocation, page)) return 0;
    const BreakEvenRequest request = parse_break_even(invocation);
    base::print_to_stdout(rendered(request, find_break_even(request, Launcher(World::simulated))));
    return 0;
}

}  // namespace lockstep::study
