# Everything comes from the system's packages (ci/packages.txt); nothing is downloaded by a build.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(date REQUIRED)
pkg_check_modules(LIBGIT2 REQUIRED IMPORTED_TARGET libgit2)
pkg_check_modules(NETTLE REQUIRED IMPORTED_TARGET nettle)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
if(AME_TESTS)
  find_package(Catch2 REQUIRED)
endif()

# yaml-cpp calls its target yaml-cpp before 0.8.
add_library(ame_yaml INTERFACE)
if(TARGET yaml-cpp::yaml-cpp)
  target_link_libraries(ame_yaml INTERFACE yaml-cpp::yaml-cpp)
else()
  target_link_libraries(ame_yaml INTERFACE yaml-cpp)
endif()

# The library's headers are not clean under our warnings, so they are a system's.
add_library(ame_time_zones INTERFACE)
target_link_libraries(ame_time_zones INTERFACE date::date-tz)

# Only its headers: core/system/libgit2.cpp opens the library by this name when it is first used.
add_library(ame_libgit2 INTERFACE)
target_include_directories(ame_libgit2 SYSTEM INTERFACE ${LIBGIT2_INCLUDE_DIRS})
find_library(LIBGIT2_FILE git2 HINTS ${LIBGIT2_LIBRARY_DIRS} REQUIRED)
file(REAL_PATH ${LIBGIT2_FILE} LIBGIT2_REAL)
get_filename_component(LIBGIT2_REAL ${LIBGIT2_REAL} NAME)
string(REGEX MATCH "^.*\\.so\\.[0-9]+\\.[0-9]+" LIBGIT2_SONAME ${LIBGIT2_REAL})
target_compile_definitions(ame_libgit2 INTERFACE AME_LIBGIT2="${LIBGIT2_SONAME}")
target_link_libraries(ame_libgit2 INTERFACE ${CMAKE_DL_LIBS})
