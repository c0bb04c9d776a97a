# Component `programs`: the programs, and what the front end says about itself: manual pages and shell completion.
include(GNUInstallDirs)

set(manual "${PROJECT_BINARY_DIR}/manual")
add_custom_command(
  OUTPUT "${manual}/lockstep.bash" "${manual}/_lockstep" "${manual}/man1/lockstep.1"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${manual}"
  COMMAND lockstep man --out "${manual}/man1"
  COMMAND lockstep completion bash --out "${manual}/lockstep.bash"
  COMMAND lockstep completion zsh --out "${manual}/_lockstep"
  DEPENDS lockstep
  COMMENT "Writing manual pages and shell completion"
  VERBATIM)
add_custom_target(manual ALL DEPENDS "${manual}/lockstep.bash")

foreach(program lockstep lockstep-sim lockstep-real)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME COMPONENT programs)
  endif()
endforeach()
install(DIRECTORY "${manual}/man1" DESTINATION "${CMAKE_INSTALL_MANDIR}" COMPONENT programs)
install(FILES "${manual}/lockstep.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME lockstep
        COMPONENT programs)
install(FILES "${manual}/_lockstep" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" COMPONENT programs)
