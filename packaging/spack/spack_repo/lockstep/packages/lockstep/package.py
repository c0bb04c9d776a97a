from pathlib import Path

from spack_repo.builtin.build_systems.cmake import CMakePackage

from spack.package import *


class Lockstep(CMakePackage):
    """Trains networks by parallel stochastic gradient descent from one source in two worlds: simulated under SimGrid's MPI,
    and real under MPI."""

    # The clone that this recipe lies in: what is installed is its branch `main`.
    git = Path(__file__).resolve().parents[6].as_uri()

    license("Apache-2.0")

    version("main", branch="main")

    variant("sim", default=True, description="The simulated world, lockstep-sim")
    variant("mpi", default=True, description="The real world, lockstep-real")
    variant("onednn", default=True, description="Matrix products by oneDNN instead of Eigen")

    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("python@3.11:", type="build")
    depends_on("eigen@3.4:3", type="build")
    depends_on("nlohmann-json", type="build")
    depends_on("random123", type="build")
    depends_on("xxhash", type="build")
    depends_on("boost@1.74: +program_options")
    depends_on("fmt@9:")
    depends_on("zlib-api")
    depends_on("onednn@2.6: cpu_runtime=omp", when="+onednn")
    depends_on("simgrid@3.32: +smpi", when="+sim")
    depends_on("mpi", when="+mpi")
    depends_on("gnuplot", type="run")

    conflicts("%gcc@:11", msg="lockstep is C++20 as GCC 12 compiles it")
    conflicts("~sim ~mpi", msg="without a world nothing is trained")

    def cmake_args(self):
        return [
            self.define_from_variant("LOCKSTEP_SIM", "sim"),
            self.define_from_variant("LOCKSTEP_REAL", "mpi"),
            self.define_from_variant("LOCKSTEP_ONEDNN", "onednn"),
            # Spack's compiler wrapper chooses the instruction set.
            self.define("LOCKSTEP_NATIVE", False),
            self.define("LOCKSTEP_BENCH", False),
            self.define("BUILD_TESTING", False),
        ]
