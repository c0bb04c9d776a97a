# SimGrid with SMPI: SimGrid::SimGrid, an imported library with SMPI's mpi.h in front. SMPI's own compiler scripts, which would
# replace main(), are not used. Also part of the installed package.
include(FindPackageHandleStandardArgs)

find_path(SIMGRID_INCLUDE_DIR simgrid/s4u.hpp)
find_path(SMPI_INCLUDE_DIR mpi.h PATHS /usr/include/smpi PATH_SUFFIXES smpi NO_DEFAULT_PATH HINTS ${SIMGRID_INCLUDE_DIR}/smpi)
find_library(SIMGRID_LIBRARY simgrid)
find_package_handle_standard_args(SimGrid REQUIRED_VARS SIMGRID_LIBRARY SIMGRID_INCLUDE_DIR SMPI_INCLUDE_DIR)

if(SimGrid_FOUND AND NOT TARGET SimGrid::SimGrid)
  add_library(SimGrid::SimGrid SHARED IMPORTED)
  set_target_properties(SimGrid::SimGrid PROPERTIES IMPORTED_LOCATION "${SIMGRID_LIBRARY}")
  target_include_directories(SimGrid::SimGrid SYSTEM INTERFACE "${SMPI_INCLUDE_DIR}" "${SIMGRID_INCLUDE_DIR}")
endif()
