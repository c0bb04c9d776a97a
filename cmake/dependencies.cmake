# Everything the project links. A missing SimGrid or Open MPI switches that world off; the rest still builds.

find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter) # the layer check is part of every build
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)

# Matrix products. Elsewhere than on x86-64 oneDNN has no fast kernels of its own.
set(on_x86_64 FALSE)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  set(on_x86_64 TRUE)
endif()
option(LOCKSTEP_ONEDNN "Matrix products by oneDNN (otherwise by Eigen)" ${on_x86_64})
if(LOCKSTEP_ONEDNN)
  find_path(DNNL_INCLUDE_DIR dnnl.h)
  find_library(DNNL_LIBRARY dnnl)
  find_package(OpenMP COMPONENTS CXX)
  if(NOT DNNL_INCLUDE_DIR OR NOT DNNL_LIBRARY OR NOT OpenMP_CXX_FOUND)
    message(WARNING "oneDNN (Debian: libdnnl-dev) or OpenMP was not found: matrix products by Eigen, which takes 1.3 to 2 times as long.")
    set(LOCKSTEP_ONEDNN OFF)
  endif()
endif()

# What draws the charts of reports, which hold a copy of it: version 3, minified.
find_file(CHART_JS_FILE chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH)
if(NOT CHART_JS_FILE)
  message(FATAL_ERROR "Chart.js was not found (Debian: libjs-chart.js). Install it, or name the file by -DCHART_JS_FILE=.../chart.min.js")
endif()

# The simulated world: SimGrid::SimGrid, with SMPI's mpi.h in front.
option(LOCKSTEP_SIM "Build the simulated world (needs SimGrid)" ON)
if(LOCKSTEP_SIM)
  find_package(SimGrid)
  if(NOT SimGrid_FOUND)
    message(WARNING "SimGrid was not found (Debian: libsimgrid-dev): the simulated world, lockstep-sim, is switched off.")
    set(LOCKSTEP_SIM OFF)
  endif()
endif()

# The simulator allocates several times per message; tcmalloc makes large timing-only runs faster (bench/README.md).
find_library(TCMALLOC_LIBRARY tcmalloc_minimal)
if(LOCKSTEP_SIM AND NOT TCMALLOC_LIBRARY)
  message(STATUS "tcmalloc was not found (Debian: libgoogle-perftools-dev): large simulations will be slower.")
endif()

# The real world: MPI::MPI_CXX of Open MPI, MPICH or another; -DMPI_CXX_COMPILER=/.../mpicxx chooses between several.
option(LOCKSTEP_REAL "Build the real world (needs an MPI library)" ON)
if(LOCKSTEP_REAL)
  set(MPI_CXX_SKIP_MPICXX ON)
  find_package(MPI COMPONENTS CXX)
  if(NOT MPI_CXX_FOUND)
    message(WARNING "No MPI library was found (Debian: libopenmpi-dev, openmpi-bin): the real world, lockstep-real, is switched off.")
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

if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  find_package(Catch2 REQUIRED)
  if(Catch2_VERSION VERSION_LESS 2.13)
    message(FATAL_ERROR "Catch2 ${Catch2_VERSION} was found; needed: 2.13, or 3 (Debian: catch2). Or configure with -DBUILD_TESTING=OFF")
  endif()
endif()
