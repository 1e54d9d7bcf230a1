// SPDX-License-Identifier: Apache-2.0
#include "core/files/tree.hpp"

namespace ame {

bool is_unchanged(const TreeEntry& earlier, const TreeEntry& later) {
  return earlier.changed_ns != 0 && earlier == later;
}

TreeChanges compare_trees(const Tree& before, const Tree& after) {
  TreeChanges changes;
  auto old = before.begin();
  for (std::size_t index = 0; index < after.size(); ++index) {
    while (old != before.end() && old->path < after[index].path) {
      changes.deleted.push_back(old->path);
      ++old;
    }
    if (old == before.end() || old->path != after[index].path) {
      changes.created.push_back(index);
      continue;
    }
    if (!is_unchanged(*old, after[index])) {
      changes.touched.push_back(index);
    }
    ++old;
  }
  for (; old != before.end(); ++old) {
    changes.deleted.push_back(old->path);
  }
  return changes;
}

}  // namespace ame
