// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cli/render/import_text.hpp"

namespace ame::cli {

TEST_CASE("imports are listed with what is known of each, and the short form of its commit") {
  const std::vector<ShownImport> imports = {
      {.project = "features",
       .address = "https://a.example/f.git",
       .ref = "v3",
       .commit = std::string(40, 'a'),
       .here = true},
      {.project = "", .address = "https://a.example/g.git", .ref = "", .commit = std::string(40, 'b'), .here = false},
      {.project = "", .address = "https://a.example/h.git", .ref = "", .commit = "", .here = false}};
  CHECK(import_table(imports, Painter(Painter::Colour::off)) ==
        "Project  Repository              Ref Commit       State       \n"
        "features https://a.example/f.git v3  aaaaaaaaaaaa fetched     \n"
        "         https://a.example/g.git     bbbbbbbbbbbb not fetched \n"
        "         https://a.example/h.git                  not pinned  \n\n");
}

}  // namespace ame::cli
