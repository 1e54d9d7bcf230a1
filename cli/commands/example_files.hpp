// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace ame::cli {

/// A file of one of the example projects.
struct ExampleFile {
  std::string_view path;  ///< "pip/fit.py": the project's name, then where it stands in it
  std::string_view content;
};

/// All of them, sorted; the program carries them (cmake/examples.cmake).
std::span<const ExampleFile> example_files();

}  // namespace ame::cli
