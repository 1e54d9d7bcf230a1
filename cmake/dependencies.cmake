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
pkg_check_modules(LIBYAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(LIBGIT2 REQUIRED IMPORTED_TARGET libgit2)
pkg_check_modules(NETTLE REQUIRED IMPORTED_TARGET nettle)
pkg_check_modules(LIBCURL REQUIRED libcurl)
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
target_link_libraries(ame_yaml INTERFACE PkgConfig::LIBYAML)

# The library's headers are not clean under our warnings, so they are a system's.
add_library(ame_time_zones INTERFACE)
target_link_libraries(ame_time_zones INTERFACE date::date-tz)

# Only its headers: core/system opens the library by its name when it is first used.
function(ame_library_on_first_use target prefix name definition)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${${prefix}_INCLUDE_DIRS})
  find_library(${prefix}_FILE ${name} HINTS ${${prefix}_LIBRARY_DIRS} REQUIRED)
  file(REAL_PATH ${${prefix}_FILE} real)
  get_filename_component(real ${real} NAME)
  string(REGEX MATCH "^.*\\.so\\.${ARGV4}" soname ${real})
  target_compile_definitions(${target} INTERFACE ${definition}="${soname}")
  target_link_libraries(${target} INTERFACE ${CMAKE_DL_LIBS})
endfunction()

ame_library_on_first_use(ame_libgit2 LIBGIT2 git2 AME_LIBGIT2 "[0-9]+\\.[0-9]+")
ame_library_on_first_use(ame_libcurl LIBCURL curl AME_LIBCURL "[0-9]+")

# XML of object stores. The archive, so that no other start of ame loads it.
find_path(PUGIXML_INCLUDE pugixml.hpp REQUIRED)
find_library(PUGIXML_ARCHIVE libpugixml.a REQUIRED)
add_library(ame_xml INTERFACE)
target_include_directories(ame_xml SYSTEM INTERFACE ${PUGIXML_INCLUDE})
target_link_libraries(ame_xml INTERFACE ${PUGIXML_ARCHIVE})
