// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "schema/json_schema.hpp"
#include "schema/keys.hpp"
#include "schema/reference.hpp"
#include "tests/support/accepted.hpp"

namespace ame::schema {

TEST_CASE("the JSON Schema in the tree is that of the table of keys") {
  const std::string schema = json_schema();
  CHECK(schema == accepted("schema/ame.schema.json", schema));
}

TEST_CASE("the reference in the documents is that of the table of keys") {
  const std::string reference = reference_text();
  CHECK(reference == accepted("docs/ame_yml.md", reference));
}

TEST_CASE("every spelling leads to one key of its section") {
  for (const KeyRow& row : all_keys()) {
    for (std::size_t number = 0; number < section_count; ++number) {
      const auto section = static_cast<Section>(number);
      if (!row.where.has(section)) {
        continue;
      }
      INFO(row.name << " in " << described(section));
      CHECK(find_key(section, row.name).row == &row);
      CHECK_FALSE(find_key(section, row.name).alias);
      CHECK(find_retired_key(section, row.name) == nullptr);
      for (const std::string_view alias : row.aliases) {
        CHECK((alias.empty() || find_key(section, alias).row == &row));
      }
    }
  }
  CHECK(all_keys().size() <= 192);
}

}  // namespace ame::schema
