# The example projects are carried in the program, for `ame init --example`. Named one by one: a working tree holds what
# runs left behind too.
set(AME_EXAMPLES
  custom/.gitignore custom/Makefile custom/README.md custom/ame.yml custom/coldest.awk custom/pond.c
  mlflow/.gitignore mlflow/MLproject mlflow/README.md mlflow/ame.yml mlflow/python_env.yaml mlflow/rentals.py
  mlflow/requirements.txt mlflow/train.py mlflow/validate.py
  pip/.gitignore pip/README.md pip/ame.yml pip/fit.py pip/forecast.py pip/measure.py pip/report.txt pip/requirements.txt
  pip/tides.py
  pipenv/.env pipenv/.gitignore pipenv/Pipfile pipenv/Pipfile.lock pipenv/README.md pipenv/ame.yml pipenv/queue_model.py
  poetry/.gitignore poetry/README.md poetry/ame.yml poetry/poetry.lock poetry/pyproject.toml poetry/tumours/__init__.py
  poetry/tumours/evaluate.py poetry/tumours/prepare.py poetry/tumours/train.py)

set(entries)
foreach(path IN LISTS AME_EXAMPLES)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/examples/${path})
  file(READ ${CMAKE_SOURCE_DIR}/examples/${path} bytes HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
  # Pieces, since compilers end a literal that is too long.
  string(REGEX REPLACE "((\\\\x..){200})" "\\1\"\n     \"" bytes "${bytes}")
  string(APPEND entries "    {\"${path}\"sv,\n     \"${bytes}\"sv},\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/example_files.cpp CONTENT [[
// From examples/, by cmake/examples.cmake.
#include "cli/commands/example_files.hpp"

#include <array>

namespace ame::cli {

namespace {

using namespace std::string_view_literals;

constexpr auto files = std::to_array<ExampleFile>({
@entries@});

}  // namespace

std::span<const ExampleFile> example_files() {
  return files;
}

}  // namespace ame::cli
]] @ONLY)
