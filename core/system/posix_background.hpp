// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "core/ports/background.hpp"
#include "core/system/file_descriptor.hpp"

namespace ame {

/// By fork and setsid. Must be split before any process is started.
class PosixBackground final : public Background {
 public:
  Side split() override;
  void tell(const std::string& answer) override;
  std::variant<std::string, int> hear() override;

 private:
  pid_t back_ = 0;
  FileDescriptor line_;  ///< of each side to the other
};

}  // namespace ame
