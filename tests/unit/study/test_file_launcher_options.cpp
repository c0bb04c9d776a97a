#include <string>
#include <vector>

#include "study/launch/file_launcher_options.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/shell_words.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using Kind = RankLauncher::Kind;

namespace {

struct FileArgs {
    Kind kind;
    const char* text;
    const char* refused = "";
};

void require_args(const FileArgs& args) {
    require_plain_args_of_file("a.ini", args.text);
    require_args_of_file("a.ini", args.kind, split_words("--launcher-args", args.text));
}

}  // namespace

TEST_CASE("a file may choose launchers by name and where ranks are") {
    for (const char* name : {"mpirun", "mpiexec.hydra", "srun", "none"})
        CHECK_NOTHROW(require_launcher_of_file("a.ini", name));
    for (const FileArgs& right : std::vector<FileArgs>{
             {Kind::other, ""},
             {Kind::open_mpi, "--oversubscribe"},
             {Kind::open_mpi, "--host a:2,b -N 3 --map-by=ppr:1:node"},
             {Kind::open_mpi, "--mca btl_tcp_if_include eth0 --mca btl ^tcp --report-bindings"},
             {Kind::hydra, "-hosts a,b -ppn 2 -bind-to none"},
             {Kind::srun, "--overcommit --mpi=pmix -N 2"}})
        CHECK_NOTHROW(require_args(right));
}

TEST_CASE("a file starts no program") {
    for (const char* name : {"sh", "./mpirun", "/usr/bin/mpirun", "", "mpirun -x"})
        CHECK_THAT(lockstep::test::refusal([&] { require_launcher_of_file("a.ini", name); }),
                   StartsWith(std::string("a.ini: launcher: given '") + name + "'"));
    for (const FileArgs& wrong :
         std::vector<FileArgs>{{Kind::open_mpi, "sh -xc touch", "sh"},
                               {Kind::open_mpi, "--oversubscribe sh", "sh"},
                               {Kind::open_mpi, "--host a sh", "sh"},
                               {Kind::open_mpi, "-x LD_PRELOAD=x.so", "-x"},
                               {Kind::open_mpi, "--mca plm_rsh_agent ./x", "--mca plm_rsh_agent"},
                               {Kind::open_mpi, "--mca btl", "--mca"},
                               {Kind::open_mpi, "--hostfile", "--hostfile"},
                               {Kind::open_mpi, "--host -oProxyCommand=x", "--host"},
                               {Kind::open_mpi, "--oversubscribe=sh", "--oversubscribe=sh"},
                               {Kind::open_mpi, "--prefix /tmp", "--prefix"},
                               {Kind::open_mpi, "--mpi pmix", "--mpi"},  // another launcher's takes no value
                               {Kind::hydra, "--host a", "--host"},
                               {Kind::hydra, "--mca btl self", "--mca"},
                               {Kind::srun, "-H ./x", "-H"},  // --hold, and a program
                               {Kind::srun, "-ppn ./x", "-ppn"},
                               {Kind::srun, "--task-prolog=x", "--task-prolog=x"},
                               {Kind::other, "--host a", "--host"}})
        CHECK_THAT(lockstep::test::refusal([&] { require_args(wrong); }),
                   StartsWith(std::string("a.ini: launcher-args: given '") + wrong.refused + "'") &&
                       ContainsSubstring("on the command line"));
}

TEST_CASE("a file neither reads nor sets variables") {
    for (const char* text :
         {"--host ${LD_PRELOAD:=x.so}", "--host $HOME", "--host ~", "--host *", "--host 'a'", "--host \"a\"",
          "--host a\\ b", "--host [a]", "--host a\nsh", "--host `x`"})
        CHECK_THAT(lockstep::test::refusal([&] { require_plain_args_of_file("a.ini", text); }),
                   StartsWith("a.ini: launcher-args: given '"));
}
