# Run at every build (cmake -P): writes build_info.cpp, touching it only where something changed.
execute_process(
  COMMAND git -C "${SOURCE_DIR}" describe --always --dirty --exclude "*"
  OUTPUT_VARIABLE LOCKSTEP_GIT_REVISION
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
  RESULT_VARIABLE problem)
if(problem OR LOCKSTEP_GIT_REVISION STREQUAL "")
  set(LOCKSTEP_GIT_REVISION "unknown")
endif()
configure_file("${SOURCE_DIR}/cmake/build_info.cpp.in" "${OUTPUT}" @ONLY)
