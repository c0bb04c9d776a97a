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

# What draws the charts of reports, which hold a copy of it: version 3, minified.
find_file(CHART_JS_FILE chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH)
if(NOT CHART_JS_FILE)
  message(FATAL_ERROR "Chart.js was not found (Debian: libjs-chart.js). Install it, or name the file by -DCHART_JS_FILE=.../chart.min.js")
endif()

# The simulated world: an imported target `simgrid`, with SMPI's mpi.h in front.
option(LOCKSTEP_SIM "Build the simulated world (needs SimGrid)" ON)
find_path(SIMGRID_INCLUDE_DIR simgrid/s4u.hpp)
find_path(SMPI_INCLUDE_DIR mpi.h PATHS /usr/include/smpi PATH_SUFFIXES smpi NO_DEFAULT_PATH HINTS ${SIMGRID_INCLUDE_DIR}/smpi)
find_library(SIMGRID_LIBRARY simgrid)
if(LOCKSTEP_SIM AND NOT (SIMGRID_INCLUDE_DIR AND SMPI_INCLUDE_DIR AND SIMGRID_LIBRARY))
  message(WARNING "SimGrid was not found (Debian: libsimgrid-dev): the simulated world, lockstep-sim, is switched off.")
  set(LOCKSTEP_SIM OFF)
endif()
if(LOCKSTEP_SIM)
  add_library(simgrid SHARED IMPORTED)
  set_target_properties(simgrid PROPERTIES IMPORTED_LOCATION "${SIMGRID_LIBRARY}")
  target_include_directories(simgrid SYSTEM INTERFACE "${SMPI_INCLUDE_DIR}" "${SIMGRID_INCLUDE_DIR}")
endif()

# The simulator allocates several times per message; tcmalloc makes large timing-only runs faster (bench/README.md).
find_library(TCMALLOC_LIBRARY tcmalloc_minimal)
if(LOCKSTEP_SIM AND NOT TCMALLOC_LIBRARY)
  message(STATUS "tcmalloc was not found (Debian: libgoogle-perftools-dev): large simulations will be slower.")
endif()

# The real world: MPI::MPI_CXX of Open MPI.
option(LOCKSTEP_REAL "Build the real world (needs Open MPI)" ON)
if(LOCKSTEP_REAL)
  set(MPI_CXX_SKIP_MPICXX ON)
  find_package(MPI COMPONENTS CXX)
  if(NOT MPI_CXX_FOUND)
    message(WARNING "Open MPI was not found (Debian: libopenmpi-dev, openmpi-bin): the real world, lockstep-real, is switched off.")
    set(LOCKSTEP_REAL OFF)
  endif()
endif()

if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  find_package(Catch2 2.13 REQUIRED)
endif()
