# The kinds of target there are.

# lockstep_library(NAME [PUBLIC libs...] [PRIVATE libs...] SOURCES files...): a static library of one layer.
function(lockstep_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/shared" "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE lockstep_options ${arg_PRIVATE})
endfunction()

# lockstep_executable(NAME LIBS libs... SOURCES files...)
function(lockstep_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/shared" "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LIBS} lockstep_options)
endfunction()
