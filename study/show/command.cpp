#include "study/show/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/process/program.hpp"
#include "base/terminal.hpp"
#include "study/manual/request.hpp"
#include "study/show/text.hpp"

namespace lockstep::study {

int run_show(std::span<const std::string> arguments) {
    const auto request = read_request(page_of("show"), arguments);
    if (!request) return 0;
    const std::string& folder = only_operand(*request, "the run's folder", "lockstep show DIR");
    const Parts parts = request->is_set("partial") ? Parts::what_is_usable : Parts::all_or_nothing;
    const RunFolder run = read_run_folder(folder, parts);
    for (const std::string& problem : run.problems)
        base::print_to_stderr(fmt::format("lockstep: warning: {}\n", base::printable(problem)));
    const Look look{base::terminal_columns(STDOUT_FILENO), base::locale_is_utf8(),
                    base::shows_colour(STDOUT_FILENO)};
    base::print_to_stdout(to_text(run, look));
    return 0;
}

}  // namespace lockstep::study
