// SPDX-License-Identifier: Apache-2.0
#include "core/data/tidy_store.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace ame {

namespace {

constexpr std::string_view objects = "objects/";
constexpr std::string_view of_clusters = "clusters/";  // which is another's: it has contents of its own
constexpr std::size_t hash_digits = 64;

bool is_digit(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
}

void add_hashes(std::string_view text, std::unordered_set<std::string>& hashes) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && is_digit(text[at])) {
      continue;
    }
    if (at - begin == hash_digits) {
      hashes.emplace(text.substr(begin, hash_digits));
    }
    begin = at + 1;
  }
}

}  // namespace

std::vector<std::string> unused_objects(ObjectStore& store, const std::set<std::string>& without) {
  if (store.is_shared()) {
    return {};
  }
  std::vector<std::string> keys = store.list("");
  std::unordered_set<std::string> used;
  for (const std::string& key : keys) {
    if (!key.starts_with(objects) && !key.starts_with(of_clusters) && !without.contains(key)) {
      add_hashes(store.get_text(key).value_or(""), used);
    }
  }
  std::erase_if(keys, [&used](const std::string& key) {
    return !key.starts_with(objects) || used.contains(key.substr(key.rfind('/') + 1));
  });
  return keys;
}

}  // namespace ame
