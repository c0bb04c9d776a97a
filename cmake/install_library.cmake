# What programs of their own build on, as component `development`: headers, static libraries, and lockstepConfig.cmake with the
# targets lockstep::lockstep (no world), lockstep::simulated, lockstep::real, and lockstep::no_world for unit tests.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/lockstep")

# lockstep_install(SET TARGETS...): installed as lockstep::NAME for each lockstep_NAME; SET.cmake defines them.
function(lockstep_install set)
  foreach(target ${ARGN})
    string(REGEX REPLACE "^lockstep_" "" name ${target})
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  endforeach()
  install(
    TARGETS ${ARGN}
    EXPORT ${set}
    COMPONENT development
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/lockstep"
    OBJECTS DESTINATION "${CMAKE_INSTALL_LIBDIR}/lockstep"
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT ${set} FILE ${set}.cmake NAMESPACE lockstep:: DESTINATION "${package_folder}" COMPONENT development)
endfunction()

set(worlds)
lockstep_install(
  lockstepTargets
  lockstep_base
  lockstep_option
  lockstep_events
  lockstep_compression
  lockstep_model
  lockstep_data
  lockstep_comm
  lockstep_exchange
  lockstep_scenario
  lockstep_api
  lockstep_no_world
  lockstep_no_world_seam)
set_target_properties(lockstep_api PROPERTIES EXPORT_NAME lockstep)
if(LOCKSTEP_SIM)
  list(APPEND worlds simulated)
  lockstep_install(lockstepSimulatedTargets lockstep_result lockstep_run lockstep_mpi_sim lockstep_sim_world
                   lockstep_sim_world_seam lockstep_simulated)
endif()
if(LOCKSTEP_REAL)
  list(APPEND worlds real)
  lockstep_install(lockstepRealTargets lockstep_mpi_real lockstep_emulated_processor lockstep_real_world
                   lockstep_real_world_seam lockstep_real)
endif()

# In the tree headers include each other from the folder of layers; installed they stand in lockstep/, and say so, so that a
# program's own folders of the same names are no obstacle.
install(
  CODE "set(source \"${PROJECT_SOURCE_DIR}\")
        set(staged \"${PROJECT_BINARY_DIR}/include/lockstep\")
        include(\"${PROJECT_SOURCE_DIR}/cmake/package/stage_headers.cmake\")"
  COMPONENT development)
install(DIRECTORY "${PROJECT_BINARY_DIR}/include/lockstep" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/package/lockstepConfig.cmake.in" "${PROJECT_BINARY_DIR}/lockstepConfig.cmake"
  INSTALL_DESTINATION "${package_folder}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/lockstepConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/lockstepConfig.cmake" "${PROJECT_BINARY_DIR}/lockstepConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/package/FindSimGrid.cmake"
  DESTINATION "${package_folder}"
  COMPONENT development)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/examples" DESTINATION "${CMAKE_INSTALL_DATADIR}/lockstep" COMPONENT development)
install(FILES "${PROJECT_SOURCE_DIR}/docs/library.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT development)
