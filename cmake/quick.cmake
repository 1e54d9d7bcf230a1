# Precompiles what nearly every source includes, where AME_QUICK is on: half the time of a compilation. Off in the
# build of every release, which is one of the checks: with it a source could leave out an include.
function(ame_quick target)
  if(NOT AME_QUICK)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <set>
    <string> <string_view> <variant> <vector> <fmt/format.h> ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # ccache asks for it.
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()
