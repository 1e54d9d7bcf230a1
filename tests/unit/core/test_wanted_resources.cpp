// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/model/size_text.hpp"
#include "core/run/wanted_resources.hpp"

namespace ame {
namespace {

Quantity quantity(const char* text) {
  return std::get<Quantity>(Quantity::parse(text));
}

std::string memory_after(Resources resources, std::int64_t capacity) {
  const auto more = with_more_memory(resources, capacity);
  return more ? more->memory->text() : "(no more)";
}

constexpr std::int64_t gibibyte = 1LL << 30;

}  // namespace

TEST_CASE("a project's defaults fill what a task does not say") {
  const Resources defaults = {.cpu = quantity("2"), .memory = quantity("4Gi"), .memory_max = quantity("16Gi")};
  const Resources all = with_defaults({.cpu = quantity("1")}, defaults);
  CHECK(all.cpu == quantity("1"));
  CHECK(all.memory == quantity("4Gi"));
  CHECK(all.memory_max == quantity("16Gi"));
}

TEST_CASE("a task with memory of its own does not get the maximum that belongs to the default") {
  const Resources defaults = {.memory = quantity("4Gi"), .memory_max = quantity("16Gi")};
  CHECK_FALSE(with_defaults({.memory = quantity("1Gi")}, defaults).memory_max);
}

TEST_CASE("a task reads what it was given as plain numbers") {
  const Resources resources = {.cpu = quantity("500m"),
                               .memory = quantity("1Ki"),
                               .storage = quantity("2k"),
                               .gpu = GpuRequest{.vendor = "", .model = "", .count = quantity("0.25")}};
  CHECK(resource_variables(resources) ==
        std::vector<EnvironmentVariable>{{.key = "AME_RESOURCES_CPU", .value = "0.5"},
                                         {.key = "AME_RESOURCES_MEMORY", .value = "1024"},
                                         {.key = "AME_RESOURCES_STORAGE", .value = "2000"},
                                         {.key = "AME_RESOURCES_GPU", .value = "0.25"}});
  CHECK(resource_variables({}).empty());
}

TEST_CASE("memory doubles, or grows by its factor, up to its maximum and never beyond the machine") {
  CHECK(memory_after({.memory = quantity("4Gi"), .memory_max = quantity("16Gi")}, 64 * gibibyte) == "8Gi");
  CHECK(memory_after({.memory = quantity("12Gi"), .memory_max = quantity("16Gi")}, 64 * gibibyte) == "16Gi");
  CHECK(memory_after({.memory = quantity("16Gi"), .memory_max = quantity("16Gi")}, 64 * gibibyte) == "(no more)");
  CHECK(memory_after({.memory = quantity("4Gi"), .memory_factor = quantity("1.5")}, 64 * gibibyte) == "6Gi");
  CHECK(memory_after({.memory = quantity("4Gi")}, 6 * gibibyte) == "6Gi");
  CHECK(memory_after({.memory = quantity("6Gi")}, 6 * gibibyte) == "(no more)");
  CHECK(memory_after({}, 6 * gibibyte) == "(no more)");
}

TEST_CASE("sizes for people have one decimal, cut so that they never promise more than there is") {
  CHECK(size_text(0) == "0");
  CHECK(size_text(1023) == "1023");
  CHECK(size_text(1024) == "1Ki");
  CHECK(size_text(4 * gibibyte) == "4Gi");
  CHECK(size_text(25'200'279'552) == "23.4Gi");
  CHECK(size_text_unlike(4 * gibibyte + 300 * (gibibyte >> 10), 4 * gibibyte) == "4.2Gi");
  CHECK(size_text_unlike(4 * gibibyte + 20 * (gibibyte >> 10), 4 * gibibyte) == "4.01Gi");
  CHECK(size_text_unlike(4 * gibibyte, 4 * gibibyte) == "4Gi");
}

}  // namespace ame
