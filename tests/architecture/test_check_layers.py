"""Each rule of tools/check_layers.py, on a tree that breaks it and on one that just does not."""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import check_layers  # noqa: E402


def check(files: dict[str, str]) -> tuple[int, list[str]]:
    """Exit status and lines printed for a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            target = Path(root, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.endswith(".hpp") and "#pragma once" not in text:
                text = text.rstrip("\n") + "\n#pragma once\n"
            target.write_text(text, encoding="utf-8")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            status = check_layers.main(["--root", root])
        return status, printed.getvalue().splitlines()


class CheckLayers(unittest.TestCase):
    def assert_violation(self, path: str, text: str, line: int, rule: str) -> None:
        status, output = check({path: text})
        self.assertEqual(len(output), 1, (text, output))
        self.assertRegex(output[0], rf"^{path}:{line}: \[{rule}\] ")
        self.assertEqual(status, 1)

    def assert_clean(self, path: str, text: str) -> None:
        self.assertEqual(check({path: text}), (0, []), text)


class OwnHeader(CheckLayers):
    def test_first_include(self) -> None:
        header = {"shared/base/a.hpp": "", "study/b.hpp": "", "tests/unit/c.hpp": ""}
        self.assertEqual(check({**header, "shared/base/a.cpp": '// text\n#include "base/a.hpp"\n#include <vector>\n'}), (0, []))
        self.assertEqual(check({**header, "study/b.cpp": '#include "study/b.hpp"\n', "tests/unit/c.cpp": "int c;\n"}), (0, []))
        for path, text, line in [
            ("shared/base/a.cpp", '\n#include <vector>\n#include "base/a.hpp"\n', 2),
            ("study/b.cpp", "int b;\n", 1),
        ]:
            status, output = check({**header, path: text})
            self.assertEqual(status, 1)
            self.assertRegex("".join(output), rf"^{path}:{line}: \[own-header\] ")


class Includes(CheckLayers):
    def test_upwards(self) -> None:
        for path, header in [
            ("shared/base/a.cpp", "model/network.hpp"),
            ("shared/model/a.cpp", "data/dataset.hpp"),
            ("shared/data/a.cpp", "scenario/config.hpp"),
            ("shared/compression/a.cpp", "model/network.hpp"),
            ("shared/comm/a.cpp", "model/network.hpp"),
            ("shared/comm/a.cpp", "exchange/serial.hpp"),
            ("shared/comm/a.cpp", "scenario/config.hpp"),
            ("shared/exchange/a.cpp", "model/network.hpp"),
            ("shared/exchange/a.cpp", "data/dataset.hpp"),
            ("shared/exchange/a.cpp", "result/result.hpp"),
            ("shared/exchange/a.cpp", "scenario/config.hpp"),
            ("shared/run/a.cpp", "sim/engine.hpp"),
            ("sim/a.cpp", "real/backend.hpp"),
            ("real/a.cpp", "study/table/table.hpp"),
            ("study/a.cpp", "run/loop.hpp"),
            ("study/a.cpp", "comm/communicator.hpp"),
            ("study/a.cpp", "backend/backend.hpp"),
        ]:
            self.assert_violation(path, f'\n#include <vector>\n#include "{header}"\n', 3, "include")

    def test_downwards(self) -> None:
        for path, header in [
            ("shared/base/a.cpp", "base/error.hpp"),
            ("shared/exchange/a.hpp", "option/kind.hpp"),
            ("shared/scenario/a.hpp", "exchange/catalogue.hpp"),
            ("shared/exchange/a.hpp", "compression/codec.hpp"),
            ("shared/run/a.cpp", "exchange/catalogue.hpp"),
            ("sim/deeper/a.cpp", "run/loop.hpp"),
            ("study/a.cpp", "result/result.hpp"),
            ("tests/unit/base/a.cpp", "sim/engine.hpp"),
        ]:
            self.assert_clean(path, f'#include "{header}"\n')

    def test_written_from_the_root(self) -> None:
        self.assert_violation("shared/base/a.cpp", '#include "error.hpp"\n', 1, "include")
        self.assert_violation("shared/base/a.cpp", '#include "shared/base/error.hpp"\n', 1, "include")

    def test_in_a_comment(self) -> None:
        self.assert_clean("shared/base/a.cpp", '// #include "model/network.hpp"\n/*\n#include <mpi.h>\n*/\n')

    def test_third_party(self) -> None:
        homes = {
            "mpi.h": ("shared/comm/mpi", "sim", "real/mpi", "tests/contract", "bench"),
            "Eigen/Dense": ("shared/model", "shared/compression", "study"),
            "nlohmann/json.hpp": ("shared/base", "shared/result", "study"),
            "boost/program_options.hpp": ("shared/scenario", "study"),
            "zlib.h": ("shared/data",),
            "Random123/philox.h": ("shared/base",),
            "xxhash.h": ("shared/base",),
            "simgrid/s4u.hpp": ("sim",),
            "fmt/format.h": ("shared/base", "shared/exchange", "study"),
            "unistd.h": ("shared/base", "real"),
            "sys/resource.h": ("real",),
            "cstdint": ("shared/base", "study"),
        }
        folders = {"shared/base", "shared/comm", "shared/compression", "shared/exchange", "shared/model", "sim", "real", "study"}
        never_in_shared = {"simgrid/s4u.hpp"}  # the token rule speaks there
        restricted = {"mpi.h", "Eigen/Dense", "nlohmann/json.hpp", "boost/program_options.hpp", "zlib.h",
                      "Random123/philox.h", "xxhash.h", "simgrid/s4u.hpp"}
        for header, allowed in homes.items():
            for folder in allowed:
                self.assert_clean(f"{folder}/a.cpp", f"#include <{header}>\n")
            if header in restricted:
                for folder in sorted(folders.difference(allowed)):
                    if folder.startswith("shared/") and header in never_in_shared:
                        continue
                    self.assert_violation(f"{folder}/a.cpp", f"#include <{header}>\n", 1, "third-party")

    def test_unknown_library(self) -> None:
        self.assert_violation("study/a.cpp", "#include <curl/curl.h>\n", 1, "third-party")

    def test_unknown_folder(self) -> None:
        self.assert_violation("shared/helpers/a.cpp", "\n", 1, "layer")


class Circles(CheckLayers):
    def circles(self, files: dict[str, str]) -> list[str]:
        return [line for line in check(files)[1] if "[circle]" in line]

    def test_of_two_pairs(self) -> None:
        files = {"shared/base/a.hpp": "", "shared/base/a.cpp": '#include "base/a.hpp"\n#include "base/b.hpp"\n',
                 "shared/base/b.hpp": '#include "base/a.hpp"\n'}
        self.assertEqual(self.circles(files), ["shared/base/a.cpp:2: [circle] base/a, base/b include each other"])

    def test_by_way_of_others(self) -> None:
        files = {f"study/{name}.hpp": f'#include "study/{following}.hpp"\n' for name, following in ("ab", "bc", "ca", "da")}
        self.assertEqual(self.circles(files), ["study/a.hpp:1: [circle] study/a, study/b, study/c include each other"])

    def test_none(self) -> None:
        self.assertEqual(self.circles({"study/a.hpp": '#include "study/b.hpp"\n#include "study/c.hpp"\n', "study/b.hpp": "",
                                       "study/c.hpp": '#include "study/b.hpp"\n', "study/c.cpp": '#include "study/c.hpp"\n'}), [])



class Tokens(CheckLayers):
    def test_forbidden(self) -> None:
        for rule, code in [
            ("backend-name", "void start_simgrid();"),
            ("backend-name", "int f() { return SMPI_VERSION; }"),
            ("backend-name", 'const char* const name = "smpi";'),
            ("backend-name", "void f() { smpi_execute(1.0); }"),
            ("backend-name", "int y() { return OMPI_MAJOR_VERSION; }"),
            ("conditional", "#ifdef SIMULATED"),
            ("conditional", "#  if REAL"),
            ("conditional", "#ifndef HEADER"),
            ("clock", "auto t() { return std::chrono::steady_clock::now(); }"),
            ("thread", "void f() { std::thread worker(g); }"),
            ("thread", "void f() { std::jthread worker(g); }"),
            ("randomness", "unsigned f() { return std::random_device{}(); }"),
            ("randomness", "int f() { return rand(); }"),
            ("randomness", "int f() { return std::rand (); }"),
            ("exit", "void f() { MPI_Abort(c, 1); }"),
            ("exit", "void f() { exit(1); }"),
            ("exit", "void f() { std::exit(1); }"),
            ("exit", "void f() { std::abort(); }"),
            ("world-communicator", "auto f() { return MPI_COMM_WORLD; }"),
        ]:
            self.assert_violation("shared/comm/a.cpp", f"/* a\n b */\n{code}\n", 3, rule)

    def test_only_in_shared(self) -> None:
        self.assert_clean("sim/a.cpp", "int simgrid = SMPI_VERSION;\nstd::thread t;\n#ifdef X\n#endif\n")

    def test_handlers_have_a_stack_of_their_own(self) -> None:
        self.assert_violation("sim/a.cpp", "action.sa_handler = f;\naction.sa_flags = SA_RESTART;\n", 2, "handler")
        self.assert_violation("study/a.cpp", "void f() { std::signal(SIGINT, on_signal); }\n", 1, "handler")
        self.assert_clean("real/a.cpp", "action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK);\nauto f = std::signal(SIGINT, SIG_DFL);\n")

    def test_in_comments_and_as_parts_of_words(self) -> None:
        self.assert_clean("shared/base/a.cpp", """
            // simgrid, rand(), exit(1), MPI_Abort \\
               std::thread
            /* smpi: std::chrono::steady_clock */
            enum class ExitStatus { success };
            int operand(int brand_new);
            void f() { operand(1); g("exit(1)"); h.exit(1); }
            constexpr int million = 1'000'000;  // rand(): '
        """)

    def test_allowed_with_a_reason(self) -> None:
        self.assert_clean("shared/comm/mpi/mpi_transport.cpp", "auto f() { return MPI_COMM_WORLD; }\n")
        self.assert_clean("shared/scenario/a.cpp", 'const char* const name = "SMPI";\n')
        self.assert_violation("shared/scenario/a.cpp", 'const char* const name = "SimGrid";\n', 1, "backend-name")


class MutableVariables(CheckLayers):
    def test_mutable(self) -> None:
        for code in [
            "int counter = 0;",
            "int counter;",
            "static int counter;",
            "inline std::vector<int> cache{};",
            "thread_local double t = 0;",
            "constinit int counter = 0;",
            "extern int counter;",
            "std::map<std::string, const int*> registry;",
            "const char* name = \"x\";",
            "[[maybe_unused]] alignas(64) float scratch[8];",
            "auto counter = [] { return 1; };",
            "void f() { static int calls = 0; }",
            "struct S { static inline int made = 0; };",
            "class C { public: static std::string name; };",
            "bool f() { static bool once{false}; return once; }",
        ]:
            self.assert_violation("shared/base/a.cpp", f"namespace lockstep::base {{\nnamespace {{\n{code}\n}}\n}}\n", 3,
                                  "mutable-global")

    def test_constant_or_no_variable(self) -> None:
        for code in [
            "constexpr int one = 1;",
            "static const std::string name = \"x\";",
            "inline constexpr std::array<const char*, 2> names{{\"a\", \"b\"}};",
            "const char* const name = \"x\";",
            "const auto square = [](int x) { int y = x; return y * x; };",
            "int f(int x = 1);",
            "static int f(std::vector<int> x) { int y = 0; return y; }",
            "bool operator<(const A& a, const std::vector<int>& b);",
            "auto operator<=>(const A&, const A&) = default;",
            "using Pair = std::pair<int, int>;",
            "template <class T> struct Box { T value = {}; int count = 0; static T make(int n = 1); };",
            "template <typename T, int N = 3> T f(T x) { for (int i = 0; i < N; ++i) x += i; return x; }",
            "enum class Colour : int { red = 1, green };",
            "Box::Box(int n) : a_{n}, b_(n), c_{n} { static const int limit = 3; a_ = limit; }",
            "extern template class Box<int>;",
            "static_assert(sizeof(int) == 4);",
            "struct S { static constexpr int size = 3; static const int& reference(); };",
            "#define LOCKSTEP_X \\\n    int x;",
        ]:
            self.assert_clean("shared/base/a.cpp", f"namespace lockstep::base {{\nnamespace {{\n{code}\n}}\n}}\n")

    def test_outside_shared(self) -> None:
        self.assert_clean("sim/a.cpp", "int counter = 0;\n")


class Sizes(CheckLayers):
    def test_length(self) -> None:
        self.assert_clean("sim/a.cpp", "\n" * 300)
        self.assertEqual(check({"sim/a.cpp": "\n" * 301}), (0, ["sim/a.cpp: warning: 301 lines; aim at 60-200, 500 fail"]))
        self.assertEqual(check({"sim/a.cpp": "\n" * 500})[0], 0)
        self.assert_violation("sim/a.cpp", "\n" * 501, 501, "length")
        self.assert_violation("tools/check_x.py", "\n" * 501, 501, "length")

    def test_length_of_data(self) -> None:
        self.assert_clean("tests/fuzz/corpus/idx/labels", "x\n" * 501)

    def test_folder(self) -> None:
        pairs = {f"tests/part{i}.{suffix}": "" for i in range(15) for suffix in ("hpp", "cpp")}
        self.assertEqual(check(pairs), (0, []))
        status, output = check({**pairs, "tests/one_more.cpp": ""})
        self.assertEqual(status, 0)
        self.assertRegex("\n".join(output), r"\Atests: warning: 16 files")

    def test_pragma_once(self) -> None:
        self.assert_violation("sim/a.hpp", "// #pragma once\nint f();\n", 1, "pragma-once")


if __name__ == "__main__":
    unittest.main()
