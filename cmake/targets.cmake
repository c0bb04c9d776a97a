# The kinds of target there are.

# Where includes are looked for. An installed header is rewritten to find the others by itself.
set(LOCKSTEP_INCLUDES "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/shared>" "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")

# lockstep_library(NAME [PUBLIC libs...] [PRIVATE libs...] SOURCES files...): a static library of one layer.
function(lockstep_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${LOCKSTEP_INCLUDES})
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE $<BUILD_INTERFACE:lockstep_options> ${arg_PRIVATE})
endfunction()

# lockstep_seam(WORLD SOURCE file LIBS libs...): the world's implementation of the seam, for every program that links WORLD. Linked
# as an object and not out of an archive: the layers that call it stand behind the world in the linker's line, which looks into
# each archive once.
function(lockstep_seam world)
  cmake_parse_arguments(arg "" "SOURCE" "LIBS" ${ARGN})
  string(REGEX REPLACE "^lockstep_" "" installed ${world}) # see cmake/install_library.cmake
  add_library(${world}_seam OBJECT ${arg_SOURCE})
  target_include_directories(${world}_seam PRIVATE ${LOCKSTEP_INCLUDES})
  target_link_libraries(${world}_seam PRIVATE $<BUILD_INTERFACE:lockstep_options> ${arg_LIBS})
  target_link_libraries(
    ${world} INTERFACE $<BUILD_INTERFACE:$<TARGET_OBJECTS:${world}_seam>>
                       $<INSTALL_INTERFACE:$<TARGET_OBJECTS:lockstep::${installed}_seam>> ${arg_LIBS})
endfunction()

# lockstep_executable(NAME LIBS libs... SOURCES files...)
function(lockstep_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${LOCKSTEP_INCLUDES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} lockstep_options)
endfunction()

# lockstep_embed_text(LIST FUNCTION FILE HEADER header NAMESPACE namespace): adds to LIST a source, made at build time, whose FUNCTION
# returns the text of FILE as a string compiled in: an empty one where FILE is "".
function(lockstep_embed_text list function file)
  cmake_parse_arguments(arg "" "HEADER;NAMESPACE" "" ${ARGN})
  set(source "${CMAKE_CURRENT_BINARY_DIR}/embedded/${function}.cpp")
  add_custom_command(
    OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}" "-DINPUT=${file}" "-DOUTPUT=${source}" "-DFUNCTION=${function}" "-DHEADER=${arg_HEADER}"
            "-DNAMESPACE=${arg_NAMESPACE}" -P "${PROJECT_SOURCE_DIR}/cmake/write_text_asset.cmake"
    DEPENDS ${file} "${PROJECT_SOURCE_DIR}/cmake/write_text_asset.cmake"
    COMMENT "Embedding ${file}"
    VERBATIM)
  set(${list} ${${list}} "${source}" PARENT_SCOPE)
endfunction()
