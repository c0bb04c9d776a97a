# Run at every build (cmake -P): writes build_info.cpp, touching it only where something changed. The tarball's sources have no
# repository of their own, but a file that tells.
set(problem 0)
if(EXISTS "${SOURCE_DIR}/revision")
  file(STRINGS "${SOURCE_DIR}/revision" LOCKSTEP_GIT_REVISION LIMIT_COUNT 1)
else()
  execute_process(
    COMMAND git -C "${SOURCE_DIR}" describe --always --dirty --exclude "*"
    OUTPUT_VARIABLE LOCKSTEP_GIT_REVISION
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
    RESULT_VARIABLE problem)
endif()
if(problem OR LOCKSTEP_GIT_REVISION STREQUAL "")
  set(LOCKSTEP_GIT_REVISION "unknown")
endif()
configure_file("${SOURCE_DIR}/cmake/build_info.cpp.in" "${OUTPUT}" @ONLY)
