// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cli/app.hpp"
#include "cli/render/help.hpp"
#include "tests/support/accepted.hpp"

namespace ame::cli {

TEST_CASE("the reference of the command line in the documents is that of the commands", "[cli]") {
  GlobalOptions options;
  const std::string reference = reference_text(all_commands(options));
  CHECK(reference == accepted("docs/cli.md", reference));
}

}  // namespace ame::cli
