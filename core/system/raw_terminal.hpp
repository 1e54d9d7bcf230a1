// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/ports/console.hpp"

namespace ame {

/// Standard input as single keys. At most one lives at a time.
class RawTerminal final : public Keyboard {
 public:
  RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
  ~RawTerminal() override;

  std::string read() override;
};

}  // namespace ame
