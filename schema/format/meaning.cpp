// SPDX-License-Identifier: Apache-2.0
#include "schema/format/meaning.hpp"

#include <algorithm>

#include "schema/format/roles.hpp"
#include "schema/tags.hpp"

namespace ame::schema {
namespace {

std::string_view usual_or(std::string_view usual, std::string_view written) {
  return usual.empty() ? written : usual;
}

struct Tagged {
  std::string_view tag;
  const Node& node;
};

/// With the kind of a secret that is said in a key.
Tagged tagged(const Node& node, Role role) {
  if (role.is_secret() && node.tag.empty() && node.entries.size() == 1) {
    const Entry& only = node.entries.front();
    const auto source = secret_tag(only.key.scalar);
    if (source && only.value.tag.empty() && only.value.kind == NodeKind::mapping) {
      return {name_of(*source), only.value};
    }
  }
  return {usual_or(role.usual_tag(node.tag), node.tag), node};
}

bool same(const Node& left_node, const Node& right_node, Role role) {
  const Tagged left = tagged(left_node, role);
  const Tagged right = tagged(right_node, role);
  const Node& a = left.node;
  const Node& b = right.node;
  if (left.tag != right.tag || a.kind != b.kind || a.scalar != b.scalar) {
    return false;
  }
  if (a.quoted != b.quoted && role.text() == TextRole::none) {
    return false;
  }
  return std::ranges::equal(
             a.items, b.items, [&](const Node& x, const Node& y) { return same(x, y, role.of_item()); }) &&
         std::ranges::equal(a.entries, b.entries, [&](const Entry& x, const Entry& y) {
           const std::string_view key = x.key.scalar;
           return usual_or(role.usual_key(key), key) == usual_or(role.usual_key(y.key.scalar), y.key.scalar) &&
                  same(x.value, y.value, role.of_value(key));
         });
}

}  // namespace

bool mean_the_same(const std::vector<Document>& left, const std::vector<Document>& right) {
  return std::ranges::equal(
      left, right, [](const Document& a, const Document& b) { return same(a.root(), b.root(), Role::project()); });
}

}  // namespace ame::schema
