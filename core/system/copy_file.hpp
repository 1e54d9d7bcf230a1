// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/object_store.hpp"

namespace ame {

/// What it means that a copy has not the content it should have.
enum class Mismatch { source_has_changed, source_is_damaged };

struct CopyWishes {
  FileMode mode = FileMode::shared;
  std::string sha256;  ///< the copy must have this content; empty: whatever it is
  Mismatch mismatch = Mismatch::source_has_changed;
  bool may_share = false;  ///< the target may become another name of the source; its mode is then the source's as well
};

/// What is kept has another content than its name says; `what` is shown as it stands: "`a/b` in s3://…".
Error content_is_damaged(const std::string& what);

/// What is to be kept has another content than it had a moment ago.
Error changed_while_stored(const std::filesystem::path& file);

/// Copies a regular file so that `target` appears whole or not at all, its parents with it. Shares the disk's blocks
/// where the file system can, so that a copy costs nothing; shares the file itself only on demand. Returns the bytes
/// copied. Throws Error(machine), also for a source that changed since its hash was taken.
std::uint64_t copy_file_atomically(const std::filesystem::path& source,
                                   const std::filesystem::path& target,
                                   const CopyWishes& wishes);

/// A file that was kept under a name that its content gave it.
struct KeptContent {
  std::string sha256;  ///< 64 digits
  std::uint64_t size = 0;
  bool is_new = false;  ///< else it was there
};

/// The same for a copy below `top` whose place its content decides; where it is there already it stays. The file is
/// read once: what is kept is what was hashed. None: there is no such file. Throws Error(machine).
std::optional<KeptContent> keep_by_content(const std::filesystem::path& source,
                                           const std::filesystem::path& top,
                                           const KeyOfContent& key_of);

}  // namespace ame
