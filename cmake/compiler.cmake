# How everything is compiled. Warnings are errors; they belong to `lockstep_options`, which every target links.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1")  # assertions stay: they guard results and stand outside inner loops

# For folders without inner loops: compiled in half to three quarters of the time.
set(LOCKSTEP_NO_INNER_LOOPS $<$<CONFIG:Release>:-O1>)
# For those that have some, where the rest is not optimised at all (the sanitize preset).
set(LOCKSTEP_INNER_LOOPS $<$<CONFIG:Debug>:-O1>)

# A clone finds what another one has compiled, wherever they are.
find_program(LOCKSTEP_CCACHE ccache)
if(LOCKSTEP_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" "${LOCKSTEP_CCACHE}")
endif()

add_library(lockstep_options INTERFACE)
target_compile_options(
  lockstep_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            # Sources compiled together share a scope that the code does not have; tools/tidy compiles each alone.
            $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>
            -Wconversion
            -Wsign-conversion
            -Wold-style-cast
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wcast-align
            -Werror
            # Contracting a*b+c into one rounding depends on the optimiser's mood; results must not.
            -ffp-contract=off
            # No archive, object or message tells where it was built.
            -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
            # The compiler collects its garbage from half a gigabyte on, not from an eighth: a tenth of the time.
            $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=524288>)
if(LOCKSTEP_NATIVE)
  target_compile_options(lockstep_options INTERFACE -march=native)
endif()
if(LOCKSTEP_SANITIZE)
  target_compile_options(
    lockstep_options
    INTERFACE -fsanitize=address,undefined
              -fno-sanitize-recover=all
              -fno-omit-frame-pointer
              # Instrumented, GCC 12's own AVX-512 header (GCC bug 105593) and its standard library read as uninitialised.
              $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized>
              $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(lockstep_options INTERFACE -fsanitize=address,undefined)
endif()
if(LOCKSTEP_FUZZ)
  # Warnings are GCC's to give; clang has others in each version.
  target_compile_options(lockstep_options INTERFACE -fsanitize=fuzzer-no-link -Wno-error)
endif()
