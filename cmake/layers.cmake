# The architecture is checked in every build: an include that goes up, or a forbidden token in shared/, fails it.

if(Python3_Interpreter_FOUND)
  add_custom_target(
    check_layers ALL
    COMMAND "${Python3_EXECUTABLE}" "${PROJECT_SOURCE_DIR}/tools/check_layers.py"
    COMMENT "Checking layers"
    VERBATIM)
endif()
