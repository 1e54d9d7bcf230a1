// SPDX-License-Identifier: Apache-2.0
#include "tests/support/small_group.hpp"

#include <unistd.h>

#include <fstream>
#include <string>
#include <utility>

namespace ame {

namespace fs = std::filesystem;

SmallGroup::SmallGroup() {
  const std::string name = "ame-test-" + std::to_string(::getpid());
  for (const auto& [root, limit] :
       {std::pair{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"}, std::pair{"/sys/fs/cgroup", "memory.max"}}) {
    const fs::path group = fs::path(root) / name;
    std::error_code failure;
    if (!fs::exists(fs::path(root) / "cgroup.procs") || !fs::create_directory(group, failure)) {
      continue;
    }
    if (fs::exists(group / limit) && static_cast<bool>(std::ofstream(group / limit) << (16 << 20) << std::flush)) {
      std::ofstream(group / "memory.swap.max") << 0;
      directory_ = group;
      return;
    }
    fs::remove(group, failure);
  }
}

SmallGroup::~SmallGroup() {
  std::error_code ignored;
  fs::remove(directory_, ignored);
}

}  // namespace ame
