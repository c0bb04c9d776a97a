# The kinds of target there are.

# lockstep_library(NAME [PUBLIC libs...] [PRIVATE libs...] SOURCES files...): a static library of one layer.
function(lockstep_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/shared" "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE lockstep_options ${arg_PRIVATE})
endfunction()

# lockstep_seam(WORLD SOURCE file LIBS libs...): the world's implementation of the seam, for every program that links WORLD. Linked
# as an object and not out of an archive: the layers that call it stand behind the world in the linker's line, which looks into
# each archive once.
function(lockstep_seam world)
  cmake_parse_arguments(arg "" "SOURCE" "LIBS" ${ARGN})
  add_library(${world}_seam OBJECT ${arg_SOURCE})
  target_include_directories(${world}_seam PRIVATE "${PROJECT_SOURCE_DIR}/shared" "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${world}_seam PRIVATE lockstep_options ${arg_LIBS})
  target_link_libraries(${world} INTERFACE $<TARGET_OBJECTS:${world}_seam> ${arg_LIBS})
endfunction()

# lockstep_executable(NAME LIBS libs... SOURCES files...)
function(lockstep_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/shared" "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LIBS} lockstep_options)
endfunction()
