// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ame {

/// A stretch of time in which a place's clocks are the same distance from UTC.
struct ZonePeriod {
  std::chrono::sys_seconds begin;  ///< the first second of it
  std::chrono::sys_seconds end;    ///< the first second after it
  std::chrono::seconds offset{0};  ///< what local clocks show more than UTC
  std::string abbreviation;        ///< "CEST"

  bool operator==(const ZonePeriod&) const = default;
};

class TimeZone {
 public:
  virtual ~TimeZone() = default;

  /// "Europe/Berlin".
  [[nodiscard]] virtual const std::string& name() const = 0;

  /// The period that `time` is in. Periods follow one another without gaps.
  [[nodiscard]] virtual ZonePeriod period_at(std::chrono::sys_seconds time) const = 0;
};

/// The time zones that this machine knows.
class TimeZones {
 public:
  virtual ~TimeZones() = default;

  /// By its IANA name, in exactly that spelling; null where there is none. `UTC` is always there.
  [[nodiscard]] virtual std::shared_ptr<const TimeZone> find(const std::string& name) const = 0;

  /// What this machine's clocks show; UTC where that cannot be found out.
  [[nodiscard]] virtual std::shared_ptr<const TimeZone> local() const = 0;

  /// For suggestions.
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;
};

}  // namespace ame
