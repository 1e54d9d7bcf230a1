// SPDX-License-Identifier: Apache-2.0
#include "core/formats/merge_keys.hpp"

#include <memory>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

namespace ame {
namespace {

class Merging {
 public:
  explicit Merging(std::span<const Entry> entries) {
    for (const Entry& entry : entries) {
      if (!is_merge_key(entry.key)) {
        taken_.insert(entry.key.scalar);
      }
    }
  }

  void add_own(const Entry& entry) { all_.push_back(entry); }

  void add_merged(const Node& value) {
    if (value.kind == NodeKind::mapping) {
      add_mapping(value);
      return;
    }
    if (value.kind != NodeKind::sequence) {
      report(value);
      return;
    }
    for (const Node& item : value.items) {
      if (item.kind == NodeKind::mapping) {
        add_mapping(item);
      } else {
        report(item);
      }
    }
  }

  [[nodiscard]] const std::vector<Entry>& all() const { return all_; }

  [[nodiscard]] std::vector<MergeMistake>& mistakes() { return mistakes_; }

 private:
  void add_mapping(const Node& mapping) {
    for (const Entry& entry : mapping.entries) {
      if (taken_.insert(entry.key.scalar).second) {
        all_.push_back(entry);
      }
    }
  }

  void report(const Node& value) {
    mistakes_.push_back(
        {.place = value, .message = fmt::format("`<<` needs a mapping, and this is {}", described(value.kind))});
  }

  std::unordered_set<std::string_view> taken_;
  std::vector<Entry> all_;
  std::vector<MergeMistake> mistakes_;
};

}  // namespace

bool is_merge_key(const Node& key) {
  return key.scalar == "<<" && !key.quoted;
}

std::span<const Entry> resolve_merge_keys(std::span<const Entry> entries,
                                          Arena& arena,
                                          std::vector<MergeMistake>& mistakes) {
  Merging merging(entries);
  for (const Entry& entry : entries) {
    if (is_merge_key(entry.key)) {
      merging.add_merged(entry.value);
    } else {
      merging.add_own(entry);
    }
  }
  mistakes = std::move(merging.mistakes());
  Entry* kept = arena.room_for<Entry>(merging.all().size());
  std::uninitialized_copy(merging.all().begin(), merging.all().end(), kept);
  return {kept, merging.all().size()};
}

}  // namespace ame
