// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/model/cron.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/time_zone.hpp"

namespace ame {

/// The first time after `after` at which the schedule fires in a zone. Where clocks are put forward, a schedule that
/// names hours fires once right after the gap for all that it lost there; where they are put back, only in the first
/// of the two passes. A schedule for every hour follows the passing of time and notices neither. None within the next
/// hundred years: the zone's clock skips each of them.
std::optional<UtcTime> next_fire(const CronSchedule& schedule, UtcTime after, const TimeZone& zone);

}  // namespace ame
