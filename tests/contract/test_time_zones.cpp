// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <catch2/catch.hpp>

#include "core/model/next_fire.hpp"
#include "core/system/system_time_zones.hpp"
#include "tests/support/fixed_time_zones.hpp"
#include "tests/support/skip.hpp"

using namespace ame;
using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

namespace {

const sys_seconds spring = sys_days(year(2026) / 3 / 29) + 1h;
const sys_seconds autumn = sys_days(year(2026) / 10 / 25) + 1h;

struct ScriptedBerlin {
  FixedTimeZones zones;

  ScriptedBerlin() {
    zones.add(std::make_shared<ScriptedTimeZone>(
        "Europe/Berlin",
        1h,
        std::vector<ClockChange>{{spring, 2h}, {autumn, 1h}, {sys_days(year(2027) / 3 / 28) + 1h, 2h}}));
  }
};

struct OfThisMachine {
  SystemTimeZones zones;
};

}  // namespace

TEMPLATE_TEST_CASE("time zones are found by name and tell their periods", "[contract]", ScriptedBerlin, OfThisMachine) {
  const TestType with;
  const TimeZones& zones = with.zones;
  REQUIRE(zones.find("UTC") != nullptr);
  CHECK(zones.find("UTC")->period_at(spring).offset == 0s);
  CHECK(zones.find("UTC")->period_at(spring).end > sys_days(year(5000) / 1 / 1));
  CHECK(zones.find("Nowhere/Land") == nullptr);
  CHECK(zones.find("") == nullptr);
  CHECK(zones.local() != nullptr);
  const auto berlin = zones.find("Europe/Berlin");
  if (berlin == nullptr) {
    skip_test("this machine has no tzdata");
    return;
  }
  CHECK(berlin->name() == "Europe/Berlin");
  const ZonePeriod winter = berlin->period_at(spring - 1s);
  const ZonePeriod summer = berlin->period_at(spring);
  CHECK(winter.offset == 1h);
  CHECK(winter.end == spring);
  CHECK(summer.begin == spring);
  CHECK(summer.offset == 2h);
  CHECK(summer.end == autumn);
  CHECK(berlin->period_at(autumn).offset == 1h);
  const std::vector<std::string> names = zones.names();
  CHECK(std::find(names.begin(), names.end(), "Europe/Berlin") != names.end());

  const auto schedule = std::get<CronSchedule>(CronSchedule::parse("30 2 * * *"));
  CHECK(next_fire(schedule, spring - 1h, *berlin) == spring);
  CHECK(next_fire(schedule, spring, *berlin) == spring + 23h + 30min);
  CHECK(next_fire(schedule, autumn - 1h, *berlin) == autumn - 30min);
  CHECK(next_fire(schedule, autumn - 30min, *berlin) == autumn + 24h + 30min);
}

TEST_CASE("TZ decides what the local time zone is", "[contract]") {
  if (SystemTimeZones().find("Asia/Tokyo") == nullptr) {
    skip_test("this machine has no tzdata");
    return;
  }
  CHECK(SystemTimeZones("Asia/Tokyo").local()->name() == "Asia/Tokyo");
  CHECK(SystemTimeZones(":Asia/Tokyo").local()->name() == "Asia/Tokyo");
  CHECK(SystemTimeZones("UTC").local()->name() == "UTC");
  CHECK(SystemTimeZones("No/Such").local()->name() == "UTC");
}
