// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fmt/chrono.h>

#include "core/model/cron.hpp"

using namespace ame;
using namespace std::chrono_literals;

namespace {

CronSchedule parsed(std::string_view text) {
  const auto result = CronSchedule::parse(text);
  if (const auto* mistake = std::get_if<CronMistake>(&result)) {
    FAIL(mistake->message);
  }
  return std::get<CronSchedule>(result);
}

CronMistake mistake_in(std::string_view text) {
  const auto result = CronSchedule::parse(text);
  REQUIRE(std::holds_alternative<CronMistake>(result));
  return std::get<CronMistake>(result);
}

/// "message / hint", as a person reads it.
std::string said_of(std::string_view text) {
  const CronMistake mistake = mistake_in(text);
  return mistake.hint.empty() ? mistake.message : mistake.message + " / " + mistake.hint;
}

LocalMinute at(int year, unsigned month, unsigned day, std::chrono::minutes time = 0min) {
  return std::chrono::local_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)) + time;
}

std::string shown(LocalMinute minute) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(minute));
  const auto time = minute - std::chrono::floor<std::chrono::days>(minute);
  return fmt::format("{}-{:02}-{:02} {:02}:{:02}",
                     static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()),
                     time / 1h,
                     (time % 1h) / 1min);
}

/// The next times after noon of Thursday, 1 January 2026.
std::vector<std::string> next(std::string_view text, int count) {
  const CronSchedule schedule = parsed(text);
  std::vector<std::string> times;
  LocalMinute from = at(2026, 1, 1, 12h);
  for (int time = 0; time < count; ++time) {
    from = schedule.next(from, at(2100, 1, 1)).value_or(at(2100, 1, 1));
    times.push_back(shown(from));
    from += 1min;
  }
  return times;
}

using Times = std::vector<std::string>;

}  // namespace

TEST_CASE("a schedule fires at the minutes that its fields name") {
  CHECK(next("0 3 * * *", 2) == Times{"2026-01-02 03:00", "2026-01-03 03:00"});
  CHECK(next("*/20 * * * *", 4) ==
        Times{"2026-01-01 12:00", "2026-01-01 12:20", "2026-01-01 12:40", "2026-01-01 13:00"});
  CHECK(next("5,50 12-13 * * *", 5) ==
        Times{"2026-01-01 12:05", "2026-01-01 12:50", "2026-01-01 13:05", "2026-01-01 13:50", "2026-01-02 12:05"});
  CHECK(next("30 8-18/5 * * *", 3) == Times{"2026-01-01 13:30", "2026-01-01 18:30", "2026-01-02 08:30"});
  CHECK(next("0 0 31 * *", 3) == Times{"2026-01-31 00:00", "2026-03-31 00:00", "2026-05-31 00:00"});
  CHECK(next("0 0 29 2 *", 2) == Times{"2028-02-29 00:00", "2032-02-29 00:00"});
  CHECK(next(" \t0  3 1\t1 * ", 2) == Times{"2027-01-01 03:00", "2028-01-01 03:00"});
}

TEST_CASE("months and days of the week have names in any case, and Sunday two numbers") {
  CHECK(parsed("0 0 * jan,DEC *") == parsed("0 0 * 1,12 *"));
  CHECK(parsed("0 0 * * Mon-Fri") == parsed("0 0 * * 1-5"));
  CHECK(parsed("0 0 * * 0") == parsed("0 0 * * 7"));
  CHECK(parsed("0 0 * * 5-7") == parsed("0 0 * * FRI,SAT,SUN"));
  CHECK(parsed("0 0 * * FRI-SUN") == parsed("0 0 * * 5-7"));
  CHECK(next("0 9 * * SUN", 2) == Times{"2026-01-04 09:00", "2026-01-11 09:00"});
}

TEST_CASE("of two restricted day fields either is enough, and of one that has a star both must hold") {
  CHECK(next("0 0 13 * FRI", 4) ==
        Times{"2026-01-02 00:00", "2026-01-09 00:00", "2026-01-13 00:00", "2026-01-16 00:00"});
  CHECK(next("0 0 13 * *", 1) == Times{"2026-01-13 00:00"});
  CHECK(next("0 0 * * FRI", 1) == Times{"2026-01-02 00:00"});
  CHECK(next("0 0 */2 * FRI", 3) == Times{"2026-01-09 00:00", "2026-01-23 00:00", "2026-02-13 00:00"});
}

TEST_CASE("words stand for common schedules") {
  CHECK(parsed("@hourly") == parsed("0 * * * *"));
  CHECK(parsed("@daily") == parsed("0 0 * * *"));
  CHECK(parsed("@midnight") == parsed("@daily"));
  CHECK(parsed("@weekly") == parsed("0 0 * * SUN"));
  CHECK(parsed("@monthly") == parsed("0 0 1 * *"));
  CHECK(parsed("@yearly") == parsed("0 0 1 1 *"));
  CHECK(parsed("@Annually") == parsed("@yearly"));
  CHECK(said_of("@reboot") == "`@reboot` names no time / give a time, such as `@daily` or `0 3 * * *`");
  CHECK(said_of("@dayly") == "`@dayly` is no schedule / did you mean `@daily`?");
  CHECK(said_of("@whenever") ==
        "`@whenever` is no schedule / there are `@yearly`, `@annually`, `@monthly`, `@weekly`, "
        "`@daily`, `@midnight` and `@hourly`");
}

TEST_CASE("a text of another shape is explained") {
  const std::string fields =
      " / a schedule is minute, hour, day of month, month and day of week: `0 3 * * *` is every day at three";
  CHECK(said_of("") == "the schedule is empty" + fields);
  CHECK(said_of("  ") == "the schedule is empty" + fields);
  CHECK(said_of("*****") == "`*****` has no blanks between its fields / write `* * * * *`");
  CHECK(said_of("0 3 * *") == "the schedule has 4 fields, and five are needed" + fields);
  CHECK(said_of("3") == "the schedule has 1 field, and five are needed" + fields);
  CHECK(said_of("0 0 3 * * MON") ==
        "the schedule has six fields, and a schedule has no seconds / leave the seconds out: `0 3 * * MON`");
  CHECK(said_of("0 0 3 * * MON 2026") == "the schedule has 7 fields, and five are needed" + fields);
}

TEST_CASE("a mistake names its field") {
  CHECK(said_of("60 * * * *") == "field 1 of the schedule (minute) has `60`, which is not from 0 to 59");
  CHECK(said_of("* 24 * * *") == "field 2 of the schedule (hour) has `24`, which is not from 0 to 23");
  CHECK(said_of("* * 0 * *") == "field 3 of the schedule (day of month) has `0`, which is not from 1 to 31");
  CHECK(said_of("* * * 13 *") == "field 4 of the schedule (month) has `13`, which is not from 1 to 12");
  CHECK(said_of("* * * * 8") == "field 5 of the schedule (day of week) has `8`, which is not from 0 to 7");
  CHECK(said_of("* * * JUNE *") == "field 4 of the schedule (month) has `JUNE`, which is no month / write `JUN`");
  CHECK(said_of("* * * * MOM") ==
        "field 5 of the schedule (day of week) has `MOM`, which is no day of week / did you mean `MON`?");
  CHECK(said_of("* MON * * *") ==
        "field 2 of the schedule (hour) has `MON`, which is no hour / use a number from 0 to 23");
  CHECK(said_of("0 0 L * *") ==
        "field 3 of the schedule (day of month) has `L`, which is no day of month / `?`, `L`, "
        "`W` and `#` are of other kinds of cron; use numbers, names, `*`, `,`, `-` and `/`");
  CHECK(said_of("-1 * * * *") == "field 1 of the schedule (minute) has a range with one end / write `0-59`");
  CHECK(said_of("1,,2 * * * *") ==
        "field 1 of the schedule (minute) has an empty item / remove the comma that is too many");
  CHECK(said_of("* 22-3 * * *") ==
        "field 2 of the schedule (hour) has a range that runs backwards: `22-3` / write two: `22-23,0-3`");
  CHECK(said_of("* * * * SAT-MON") ==
        "field 5 of the schedule (day of week) has a range that runs backwards: "
        "`SAT-MON` / write two: `SAT-6,0-MON`");
  CHECK(
      said_of("*/0 * * * *") ==
      "field 1 of the schedule (minute) has the step `0`, which is no number from 1 on / every second minute is `*/2`");
  CHECK(said_of("*/90 * * * *") ==
        "field 1 of the schedule (minute) has the step `90`, and there are only 60 / a step "
        "counts inside its field and begins anew with each hour");
  CHECK(said_of("5/15 * * * *") ==
        "field 1 of the schedule (minute) has a step without a range: `5/15` / write `5-59/15`");
  CHECK(said_of("99999999999 * * * *") ==
        "field 1 of the schedule (minute) has `99999999999`, which is no minute / use a number from 0 to 59");
}

TEST_CASE("a mistake knows where in the text it stands") {
  const CronMistake mistake = mistake_in("0 3,25 * * *");
  CHECK(mistake.field == 2);
  CHECK(mistake.offset == 4);
  CHECK(mistake.length == 2);
  CHECK(mistake_in("0 0 3 * * MON") ==
        CronMistake{.message = "the schedule has six fields, and a schedule has no seconds",
                    .hint = "leave the seconds out: `0 3 * * MON`",
                    .length = 13});
}

TEST_CASE("a schedule that can never fire is refused") {
  CHECK(said_of("0 0 30 2 *") ==
        "the schedule can never fire: no month of `2` has a day of `30` / february has 29 days "
        "at most; april, june, september and november have 30");
  CHECK(mistake_in("0 0 31 4,6,9,NOV *").field == 3);
  CHECK(mistake_in("0 0 30,31 FEB */2").field == 3);
  CHECK(next("0 0 30 2 MON", 1) == Times{"2026-02-02 00:00"});
  CHECK(next("0 0 31 4,5 *", 1) == Times{"2026-05-31 00:00"});
}

TEST_CASE("nothing is found where the search ends first") {
  const CronSchedule schedule = parsed("0 3 * * *");
  CHECK(schedule.next(at(2026, 1, 1, 4h), at(2026, 1, 2, 3h)) == std::nullopt);
  CHECK(schedule.next(at(2026, 1, 1, 4h), at(2026, 1, 2, 3h + 1min)) == at(2026, 1, 2, 3h));
}
