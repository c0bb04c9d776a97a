#include <string>
#include <vector>

#include "study/launch/file_launcher_options.hpp"
#include "study/launch/launcher.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

void require_args_of_file(const std::string& text) {
    require_launcher_words_of_file("a.ini", split_words("--launcher-args", text));
}

}  // namespace

TEST_CASE("a file may choose launchers by name and where ranks are") {
    for (const char* name : {"mpirun", "mpiexec.hydra", "srun", "none"})
        CHECK_NOTHROW(require_launcher_of_file("a.ini", name));
    for (const char* text :
         {"", "--oversubscribe", "--host a:2,b -N 3", "--hosts=a,b --map-by ppr:1:node --mpi=pmix",
          "--mca btl_tcp_if_include eth0 --mca pml ob1 --report-bindings", "-bind-to none"})
        CHECK_NOTHROW(require_args_of_file(text));
}

TEST_CASE("a file starts no program") {
    for (const char* name : {"sh", "./mpirun", "/usr/bin/mpirun", "", "mpirun -x"})
        CHECK_THAT(lockstep::test::refusal([&] { require_launcher_of_file("a.ini", name); }),
                   StartsWith(std::string("a.ini: launcher: given '") + name + "'"));
    struct Case {
        const char* text;
        const char* word;
    };
    for (const Case& wrong : std::vector<Case>{{"sh -xc 'touch x'", "sh"},
                                               {"--oversubscribe sh", "sh"},
                                               {"--host a sh", "sh"},
                                               {"-x LD_PRELOAD=x.so", "-x"},
                                               {"--mca plm_rsh_agent ./x", "--mca plm_rsh_agent"},
                                               {"--mca btl", "--mca"},
                                               {"--hostfile", "--hostfile"},
                                               {"--oversubscribe=sh", "--oversubscribe=sh"},
                                               {"--task-prolog=x", "--task-prolog=x"},
                                               {"--prefix /tmp", "--prefix"}})
        CHECK_THAT(lockstep::test::refusal([&] { require_args_of_file(wrong.text); }),
                   StartsWith(std::string("a.ini: launcher-args: given '") + wrong.word + "'") &&
                       ContainsSubstring("on the command line"));
}
