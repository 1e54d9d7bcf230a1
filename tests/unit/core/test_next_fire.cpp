// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/model/next_fire.hpp"
#include "tests/support/fixed_time_zones.hpp"

using namespace ame;
using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

namespace {

using Times = std::vector<std::string>;

/// Berlin in 2026: forward on 29 March at 02:00, back on 25 October at 03:00.
const ScriptedTimeZone& berlin() {
  static const ScriptedTimeZone zone(
      "Europe/Berlin", 1h, {{sys_days(year(2026) / 3 / 29) + 1h, 2h}, {sys_days(year(2026) / 10 / 25) + 1h, 1h}});
  return zone;
}

const sys_seconds eve_of_summer = sys_days(year(2026) / 3 / 28) + 23h;   // midnight there
const sys_seconds eve_of_winter = sys_days(year(2026) / 10 / 24) + 22h;  // midnight there

/// What a clock in the zone shows, and its distance from UTC.
std::string shown(sys_seconds time, const TimeZone& zone) {
  const auto offset = zone.period_at(time).offset;
  const auto local = time + offset;
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const auto passed = local - midnight;
  return fmt::format("{:02} {:02}:{:02}+{}",
                     static_cast<unsigned>(std::chrono::year_month_day(midnight).day()),
                     passed / 1h,
                     passed % 1h / 1min,
                     offset / 1h);
}

Times fires(std::string_view text, UtcTime after, const TimeZone& zone, int count) {
  const auto schedule = std::get<CronSchedule>(CronSchedule::parse(text));
  Times times;
  for (int time = 0; time < count; ++time) {
    after = next_fire(schedule, after, zone).value();
    times.push_back(shown(std::chrono::floor<std::chrono::seconds>(after), zone));
  }
  return times;
}

}  // namespace

TEST_CASE("a skipped time fires once, right after the gap") {
  CHECK(fires("30 2 * * *", eve_of_summer, berlin(), 2) == Times{"29 03:00+2", "30 02:30+2"});
  CHECK(fires("*/10 2 * * *", eve_of_summer, berlin(), 2) == Times{"29 03:00+2", "30 02:00+2"});
  CHECK(fires("0 2,3 * * *", eve_of_summer, berlin(), 2) == Times{"29 03:00+2", "30 02:00+2"});
  CHECK(fires("0 3 * * *", eve_of_summer, berlin(), 2) == Times{"29 03:00+2", "30 03:00+2"});
  CHECK(fires("59 1 * * *", eve_of_summer, berlin(), 2) == Times{"29 01:59+1", "30 01:59+2"});
  CHECK(fires("30 2 30 * *", eve_of_summer, berlin(), 1) == Times{"30 02:30+2"});
}

TEST_CASE("a repeated time fires once, in the first pass") {
  CHECK(fires("30 2 * * *", eve_of_winter, berlin(), 2) == Times{"25 02:30+2", "26 02:30+1"});
  CHECK(fires("*/30 2-3 * * *", eve_of_winter, berlin(), 4) ==
        Times{"25 02:00+2", "25 02:30+2", "25 03:00+1", "25 03:30+1"});
  const sys_seconds second_pass = sys_days(year(2026) / 10 / 25) + 1h + 10min;
  CHECK(fires("30 2 * * *", second_pass, berlin(), 1) == Times{"26 02:30+1"});
}

TEST_CASE("a schedule for every hour follows the passing of time") {
  CHECK(fires("30 * * * *", eve_of_summer, berlin(), 3) == Times{"29 00:30+1", "29 01:30+1", "29 03:30+2"});
  CHECK(fires("30 * * * *", eve_of_winter, berlin(), 4) ==
        Times{"25 00:30+2", "25 01:30+2", "25 02:30+2", "25 02:30+1"});
}

TEST_CASE("the next time is after the given one, whatever its fraction of a second") {
  const ScriptedTimeZone utc("UTC", 0s);
  const sys_seconds three = sys_days(year(2026) / 3 / 5) + 3h;
  CHECK(fires("0 3 * * *", three - 1us, utc, 1) == Times{"05 03:00+0"});
  CHECK(fires("0 3 * * *", three, utc, 1) == Times{"06 03:00+0"});
  CHECK(fires("0 3 * * *", three + 1us, utc, 1) == Times{"06 03:00+0"});
  const sys_seconds gap = sys_days(year(2026) / 3 / 29) + 1h;
  CHECK(fires("30 2 * * *", gap - 1us, berlin(), 1) == Times{"29 03:00+2"});
  CHECK(fires("30 2 * * *", gap, berlin(), 1) == Times{"30 02:30+2"});
}

TEST_CASE("changes of half an hour and offsets that are no whole hours are followed") {
  const ScriptedTimeZone lord_howe("Australia/Lord_Howe", 11h, {{sys_days(year(2026) / 4 / 4) + 15h, 10h + 30min}});
  const sys_seconds before = sys_days(year(2026) / 4 / 4) + 14h;
  CHECK(next_fire(std::get<CronSchedule>(CronSchedule::parse("45 1 * * *")), before, lord_howe) == before + 45min);
  CHECK(next_fire(std::get<CronSchedule>(CronSchedule::parse("45 1 * * *")), before + 45min, lord_howe) ==
        before + 45min + 24h + 30min);
  const ScriptedTimeZone nepal("Asia/Kathmandu", 5h + 45min);
  CHECK(next_fire(std::get<CronSchedule>(CronSchedule::parse("0 0 * * *")), before, nepal) ==
        sys_days(year(2026) / 4 / 4) + 18h + 15min);
}

TEST_CASE("a day that a zone leaves out fires at its end") {
  const sys_seconds jump = sys_days(year(2011) / 12 / 30) + 10h;
  const ScriptedTimeZone apia("Pacific/Apia", -10h, {{jump, 14h}});
  CHECK(next_fire(std::get<CronSchedule>(CronSchedule::parse("0 12 30 12 *")), jump - 24h, apia) == jump);
}

TEST_CASE("the rarest schedule is found") {
  const ScriptedTimeZone utc("UTC", 0s);
  const auto schedule = std::get<CronSchedule>(CronSchedule::parse("0 0 29 2 *"));
  CHECK(next_fire(schedule, sys_days(year(2096) / 3 / 1), utc) == sys_days(year(2104) / 2 / 29));
}
