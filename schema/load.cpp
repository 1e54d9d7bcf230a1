// SPDX-License-Identifier: Apache-2.0
#include "schema/load.hpp"

#include "schema/loader.hpp"

namespace ame::schema {

LoadedProject load_project(const FileReader& files, const std::filesystem::path& file, const LoadOptions& options) {
  return Loader(files, options).load(file);
}

}  // namespace ame::schema
