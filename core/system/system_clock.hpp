// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/clock.hpp"

namespace ame {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] UtcTime now() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;
};

}  // namespace ame
