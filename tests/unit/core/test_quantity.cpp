// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <regex>
#include <string>
#include <variant>

#include <catch2/catch.hpp>

#include "core/model/quantity.hpp"

namespace ame {

namespace {

Quantity quantity(const std::string& text) {
  const auto parsed = Quantity::parse(text);
  INFO(text);
  REQUIRE(std::holds_alternative<Quantity>(parsed));
  return std::get<Quantity>(parsed);
}

QuantityMistake mistake(const std::string& text) {
  const auto parsed = Quantity::parse(text);
  INFO(text);
  REQUIRE(std::holds_alternative<QuantityMistake>(parsed));
  return std::get<QuantityMistake>(parsed);
}

}  // namespace

TEST_CASE("the examples of the format mean the bytes they should") {
  CHECK(quantity("128974848").whole() == 128974848);
  CHECK(quantity("129e6").whole() == 129000000);
  CHECK(quantity("129M").whole() == 129000000);
  CHECK(quantity("128974848000m").whole() == 128974848);
  CHECK(quantity("123Mi").whole() == 128974848);
}

TEST_CASE("decimals are exact and what is finer than a thousandth rounds up") {
  CHECK(quantity("0.1").milli() == 100);
  CHECK(quantity("0.5") == quantity("500m"));
  CHECK(quantity("1") == quantity("1000m"));
  CHECK(quantity("2.5G").whole() == 2500000000);
  CHECK(quantity("2.5Gi").whole() == 2684354560);
  CHECK(quantity(".5").milli() == 500);
  CHECK(quantity("0.0001").milli() == 1);
  CHECK(quantity("1.00000000000000000000000000001").milli() == 1001);
  CHECK(quantity("1.000000000000000000001Ei").text() == "1152921504606846976002m");
  CHECK(quantity("1000000000n").milli() == 1000);
  CHECK(quantity("1u").milli() == 1);
  CHECK(quantity("2.5").whole() == 3);
}

TEST_CASE("an E is a suffix at the end and an exponent before digits") {
  CHECK(quantity("2E").whole() == 2000000000000000000);
  CHECK(quantity("2E3").whole() == 2000);
  CHECK(quantity("2e3").whole() == 2000);
  CHECK(quantity("2e+3").whole() == 2000);
  CHECK(quantity("2e-3").milli() == 2);
  CHECK(quantity("2Ei").whole() == 2305843009213693952);
  CHECK(quantity("1Pi").whole() == 1125899906842624);
}

TEST_CASE("what is too large is refused and never wraps") {
  CHECK(quantity("9223372036854775807").whole() == 9223372036854775807);
  CHECK(quantity("9223372036854775807.5").text() == "9223372036854775807500m");
  CHECK(quantity("9223372036854775807500m") == quantity("9223372036854775807.5"));
  CHECK(quantity("9223372036854775807.5").whole() == 9223372036854775807);
  CHECK(mistake("9223372036854775808").message == "`9223372036854775808` is too large");
  CHECK(mistake("8Ei").message == "`8Ei` is too large");
  CHECK(mistake("1e400").hint == "the most is 2^63-1");
  CHECK(quantity("0e400").is_zero());
}

TEST_CASE("units that do not exist are answered with the ones that do") {
  CHECK(mistake("10GB").message == "`10GB` is not a quantity");
  CHECK(mistake("10GB").hint == "write `10G` (powers of 1000) or `10Gi` (powers of 1024)");
  CHECK(mistake("10gb").hint == "write `10G` (powers of 1000) or `10Gi` (powers of 1024)");
  CHECK(mistake("5K").hint == "write `5k` (powers of 1000) or `5Ki` (powers of 1024)");
  CHECK(mistake("5KB").hint == "write `5k` (powers of 1000) or `5Ki` (powers of 1024)");
  CHECK(mistake("64mb").hint == "write `64M` (powers of 1000) or `64Mi` (powers of 1024)");
  CHECK(mistake("1 G").hint == "write `1G` (powers of 1000) or `1Gi` (powers of 1024)");
  CHECK(mistake("3x").hint == "a number with one of the units n u m k M G T P E Ki Mi Gi Ti Pi Ei, or with none");
}

TEST_CASE("what is no number is no quantity") {
  for (const char* text : {"abc", "1..5", "NaN", "-", ".", "e3", "1e", "1e+", "0x10", "1,5"}) {
    CHECK(mistake(text).message == "`" + std::string(text) + "` is not a quantity");
  }
  CHECK(mistake("").message == "a quantity is missing");
  CHECK(mistake("-1").message == "`-1` is negative");
}

TEST_CASE("the canonical text is the shortest and reads back as the same quantity") {
  CHECK(quantity("1.5Gi").text() == "1536Mi");
  CHECK(quantity("1.5").text() == "1500m");
  CHECK(quantity("129000000").text() == "129M");
  CHECK(quantity("0").text() == "0");
  CHECK(quantity("1024").text() == "1Ki");
  CHECK(quantity("1023").text() == "1023");
  for (const char* text : {"1", "7m", "10G", "1Ki", "1536Mi", "123456789", "999999999m", "1E", "4Ei"}) {
    CHECK(quantity(text).text() == text);
    CHECK(quantity(quantity(text).text()) == quantity(text));
  }
}

/// F02: what the guide says of units is what they mean.
TEST_CASE("the table of units in the guide is true") {
  std::ifstream guide(AME_SOURCE_DIR "/docs/guide/resources.md");
  const std::regex with_bytes(R"(\| (.*) \| .* \| `([^`]+)` \| ([0-9]+) \|)");
  const std::regex unit("`([kKMGTPE]i?)`");
  const std::string units = "kMGTPE";
  std::size_t examples = 0;
  std::size_t suffixes = 0;
  for (std::string line; std::getline(guide, line);) {
    std::smatch row;
    if (!std::regex_match(line, row, with_bytes)) {
      continue;
    }
    CAPTURE(line);
    CHECK(quantity(row[2]) == Quantity::of_whole(std::stoll(row[3])));
    ++examples;
    const std::string named = row[1];
    for (std::sregex_iterator found(named.begin(), named.end(), unit); found != std::sregex_iterator(); ++found) {
      const std::string suffix = (*found)[1];
      std::int64_t amount = 1;
      for (std::size_t power = 0; power <= units.find(suffix.front() == 'K' ? 'k' : suffix.front()); ++power) {
        amount *= suffix.ends_with('i') ? 1024 : 1000;
      }
      CHECK(quantity("1" + suffix) == Quantity::of_whole(amount));
      ++suffixes;
    }
  }
  CHECK(examples == 4);
  CHECK(suffixes == 12);
}

}  // namespace ame
