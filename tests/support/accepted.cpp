// SPDX-License-Identifier: Apache-2.0
#include "tests/support/accepted.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "tests/support/files.hpp"

namespace ame {

std::string accepted(const std::string& file, const std::string& wanted) {
  const std::string path = std::string(AME_SOURCE_DIR) + "/" + file;
  if (std::getenv("AME_ACCEPT") != nullptr) {
    std::ofstream(path) << wanted;
    FAIL_CHECK("accepted " << file << ", review the diff");
  }
  return content_of(path);
}

}  // namespace ame
