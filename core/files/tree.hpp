// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ame {

enum class TreeEntryKind : std::uint8_t { file, link };

/// A file or a link of a tree, as the kernel's books have it. Directories are only where files are.
struct TreeEntry {
  std::string path;  ///< relative to the tree's top, parts separated by `/`
  TreeEntryKind kind = TreeEntryKind::file;
  std::uint32_t mode = 0;  ///< permission bits
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  ///< of the inode: cannot be set back by a program; 0: so short before the look that a
                                ///< later change might bear the same time

  bool operator==(const TreeEntry&) const = default;
};

/// Sorted by path.
using Tree = std::vector<TreeEntry>;

/// What happened between two looks at one tree.
struct TreeChanges {
  std::vector<std::size_t> created;  ///< indices into the later tree
  std::vector<std::size_t> touched;  ///< likewise: the books differ; the content may be the same
  std::vector<std::string> deleted;

  bool operator==(const TreeChanges&) const = default;
};

/// Whether a look that found `later` where an earlier one found `earlier` proves that nothing was written meanwhile.
bool is_unchanged(const TreeEntry& earlier, const TreeEntry& later);

/// Takes time in proportion to the trees. A file whose books are the same has not changed: the kernel notes every
/// write.
TreeChanges compare_trees(const Tree& before, const Tree& after);

}  // namespace ame
