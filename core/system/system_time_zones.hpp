// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/ports/time_zone.hpp"

namespace ame {

/// The time zones of /usr/share/zoneinfo. Without such files there is UTC alone.
class SystemTimeZones : public TimeZones {
 public:
  /// `tz` is the variable TZ: it decides what the local zone is where it names a known one.
  explicit SystemTimeZones(std::string tz = {});

  [[nodiscard]] std::shared_ptr<const TimeZone> find(const std::string& name) const override;
  [[nodiscard]] std::shared_ptr<const TimeZone> local() const override;
  [[nodiscard]] std::vector<std::string> names() const override;

 private:
  std::string tz_;
};

}  // namespace ame
