# Everything the project links. What a part needs and is not there switches that part off, in one line; the rest still builds. What
# every part needs is named at once.

# lockstep_switch_off(WHAT MISSING DEBIAN-PACKAGES): one line, which is not wrapped as warnings are.
function(lockstep_switch_off what missing packages)
  message(NOTICE "Switched off: ${what}; ${missing} was not found (Debian: ${packages}).")
endfunction()

find_package(Threads REQUIRED)
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW) # Boost's own description of itself, not CMake's
endif()
find_package(ZLIB QUIET)
find_package(fmt QUIET)
find_package(nlohmann_json QUIET)
find_package(Eigen3 3.4 QUIET NO_MODULE)
find_package(Boost 1.74 QUIET COMPONENTS program_options)
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h)
find_path(XXHASH_INCLUDE_DIR xxhash.h)
set(missing)
foreach(
  needed
  "ZLIB_FOUND;zlib;zlib1g-dev"
  "fmt_FOUND;fmt;libfmt-dev"
  "nlohmann_json_FOUND;nlohmann_json;nlohmann-json3-dev"
  "Eigen3_FOUND;Eigen 3.4;libeigen3-dev"
  "Boost_FOUND;Boost 1.74 with program_options;libboost-program-options-dev"
  "RANDOM123_INCLUDE_DIR;Random123;librandom123-dev"
  "XXHASH_INCLUDE_DIR;xxHash;libxxhash-dev")
  list(GET needed 0 found)
  if(NOT ${found})
    list(GET needed 1 name)
    list(GET needed 2 package)
    list(APPEND missing "${name} (Debian: ${package})")
  endif()
endforeach()
if(missing)
  list(JOIN missing ", " missing)
  message(FATAL_ERROR "Not found: ${missing}. Install it, or name the folder that it was installed to by -DCMAKE_PREFIX_PATH=FOLDER.")
endif()

# Matrix products. Elsewhere than on x86-64 oneDNN has no fast kernels of its own.
set(on_x86_64 FALSE)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  set(on_x86_64 TRUE)
endif()
option(LOCKSTEP_ONEDNN "Matrix products by oneDNN (otherwise by Eigen)" ${on_x86_64})
if(LOCKSTEP_ONEDNN)
  find_path(DNNL_INCLUDE_DIR dnnl.h)
  find_library(DNNL_LIBRARY dnnl)
  find_package(OpenMP QUIET COMPONENTS CXX)
  if(NOT DNNL_INCLUDE_DIR OR NOT DNNL_LIBRARY OR NOT OpenMP_CXX_FOUND)
    lockstep_switch_off("matrix products by oneDNN, so that Eigen's take 1.3 to 2 times as long" "oneDNN or OpenMP" libdnnl-dev)
    set(LOCKSTEP_ONEDNN OFF)
  endif()
endif()

# What draws the charts of reports, which hold a copy of it: version 3, minified.
find_file(CHART_JS_FILE chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH)
if(CHART_JS_FILE AND NOT EXISTS "${CHART_JS_FILE}")
  message(FATAL_ERROR "CHART_JS_FILE: given '${CHART_JS_FILE}', which is no file")
endif()
if(NOT CHART_JS_FILE)
  lockstep_switch_off("reports as HTML (lockstep report)" "Chart.js 3" "libjs-chart.js; elsewhere -DCHART_JS_FILE=.../chart.min.js")
endif()

# The simulated world: SimGrid::SimGrid, with SMPI's mpi.h in front.
option(LOCKSTEP_SIM "Build the simulated world (needs SimGrid)" ON)
if(LOCKSTEP_SIM)
  find_package(SimGrid QUIET)
  if(NOT SimGrid_FOUND)
    lockstep_switch_off("the simulated world (lockstep-sim)" "SimGrid with SMPI" libsimgrid-dev)
    set(LOCKSTEP_SIM OFF)
  endif()
endif()

# The simulator allocates several times per message; tcmalloc makes large timing-only runs faster (bench/README.md).
find_library(TCMALLOC_LIBRARY tcmalloc_minimal)
if(LOCKSTEP_SIM AND NOT TCMALLOC_LIBRARY)
  lockstep_switch_off("a faster allocator of large simulations" "tcmalloc_minimal" libgoogle-perftools-dev)
endif()

# The real world: MPI::MPI_CXX of Open MPI, MPICH or another; -DMPI_CXX_COMPILER=/.../mpicxx chooses between several.
option(LOCKSTEP_REAL "Build the real world (needs an MPI library)" ON)
if(LOCKSTEP_REAL)
  set(MPI_CXX_SKIP_MPICXX ON)
  find_package(MPI QUIET COMPONENTS CXX)
  if(NOT MPI_CXX_FOUND)
    lockstep_switch_off("the real world (lockstep-real)" "MPI" "libopenmpi-dev, openmpi-bin")
    set(LOCKSTEP_REAL OFF)
  endif()
endif()

# A second MPI library, which tests hold against the first: Debian's MPICH beside Open MPI.
if(LOCKSTEP_REAL AND (BUILD_TESTING OR NOT DEFINED BUILD_TESTING) AND NOT LOCKSTEP_SANITIZE AND NOT MPI_CXX_LIBRARIES MATCHES mpich)
  find_path(MPICH_INCLUDE_DIR mpi.h PATHS "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/mpich" NO_DEFAULT_PATH)
  find_library(MPICH_LIBRARY mpich)
  if(MPICH_INCLUDE_DIR AND MPICH_LIBRARY)
    add_library(lockstep_mpich INTERFACE)
    target_include_directories(lockstep_mpich SYSTEM INTERFACE "${MPICH_INCLUDE_DIR}")
    target_compile_definitions(lockstep_mpich INTERFACE MPICH_SKIP_MPICXX)
    target_link_libraries(lockstep_mpich INTERFACE "${MPICH_LIBRARY}")
  else()
    message(STATUS "MPICH was not found (Debian: libmpich-dev, mpich): one MPI library is tested.")
  endif()
endif()

# The check of layers, which is part of every build, and most tests.
find_package(Python3 3.11 QUIET COMPONENTS Interpreter)
if(NOT Python3_Interpreter_FOUND)
  lockstep_switch_off("the check of layers, and the tests" "Python 3.11" python3)
  set(BUILD_TESTING OFF)
endif()

if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  find_package(Catch2 QUIET)
  if(NOT Catch2_FOUND OR Catch2_VERSION VERSION_LESS 2.13)
    lockstep_switch_off("the tests" "Catch2 2.13 or 3" catch2)
    set(BUILD_TESTING OFF)
  endif()
endif()
