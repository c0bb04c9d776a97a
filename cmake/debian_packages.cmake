# Debian packages (`cmake --workflow --preset packages`): `lockstep`, the programs, and `lockstep-dev`, for programs of one's own.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "lockstep maintainers <maintainers@localhost>")
set(CPACK_COMPONENTS_ALL programs development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME lockstep)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_RECOMMENDS gnuplot-nox)
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION
    "Trains networks by parallel stochastic gradient descent from one source in two worlds:\nsimulated under SimGrid's MPI, and real under MPI.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME lockstep-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(development_depends g++ libboost-program-options-dev libfmt-dev zlib1g-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS cmake)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "Headers, static libraries, CMake's targets and examples for programs of one's own,\nwhich run simulated and under MPI.")

if(LOCKSTEP_ONEDNN)
  list(APPEND development_depends libdnnl-dev)
endif()
if(LOCKSTEP_SIM)
  list(APPEND development_depends libsimgrid-dev)
endif()
if(LOCKSTEP_REAL)
  set(mpi openmpi-bin)
  set(mpi_development libopenmpi-dev)
  if(MPI_CXX_LIBRARIES MATCHES mpich)
    set(mpi mpich)
    set(mpi_development libmpich-dev)
  endif()
  set(CPACK_DEBIAN_PROGRAMS_PACKAGE_DEPENDS ${mpi}) # which the front end starts
  list(APPEND development_depends ${mpi_development} ${mpi})
endif()
list(JOIN development_depends ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS)

foreach(component programs development)
  string(TOUPPER ${component} upper)
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "share/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME}" RENAME copyright
          COMPONENT ${component})
endforeach()
include(CPack)
