// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace ame {

/// A control group of the old or the new kind in which 16 MiB fit: a process that joins it and takes more is killed by
/// the kernel. Gone with this object.
class SmallGroup {
 public:
  SmallGroup();
  SmallGroup(const SmallGroup&) = delete;
  SmallGroup& operator=(const SmallGroup&) = delete;
  ~SmallGroup();

  /// Empty where none can be made.
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
};

}  // namespace ame
