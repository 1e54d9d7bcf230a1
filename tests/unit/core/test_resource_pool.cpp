// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/resource_pool.hpp"

using namespace ame;

namespace {

constexpr std::int64_t gibibyte = 1LL << 30;

Quantity quantity(const char* text) {
  return std::get<Quantity>(Quantity::parse(text));
}

GpuDevice device(const char* model, std::int64_t memory = 80 * gibibyte) {
  return {
      .vendor = "nvidia", .id = std::string("GPU-") + model, .model = std::string("NVIDIA ") + model, .memory = memory};
}

MachineResources machine_with(std::vector<GpuDevice> gpus) {
  return {.cpu = Quantity::of_whole(4),
          .memory = 16 * gibibyte,
          .free_storage = 100 * gibibyte,
          .gpus = std::move(gpus),
          .gpus_looked_for = "nvidia-smi, rocm-smi"};
}

ResourcePool pool_with(std::vector<GpuDevice> gpus = {}) {
  return {machine_with(std::move(gpus)), {.cpu_milli = 1000, .memory = 2 * gibibyte}};
}

Resources cpu(const char* amount) {
  return {.cpu = quantity(amount)};
}

Resources gpu(const char* count, const char* model = "") {
  return {.gpu = GpuRequest{.vendor = "", .model = model, .count = quantity(count), .memory = std::nullopt}};
}

}  // namespace

TEST_CASE("the sum of what runs stays within the machine") {
  ResourcePool pool = pool_with();
  const auto first = pool.acquire(cpu("3"));
  REQUIRE(first);
  CHECK_FALSE(pool.acquire(cpu("1500m")));
  CHECK(pool.acquire(cpu("1")));
  pool.release(*first);
  CHECK(pool.acquire(cpu("3")));
}

TEST_CASE("a task that says nothing is counted, and never refused, on a machine that is smaller than the assumption") {
  ResourcePool pool({.cpu = quantity("500m"), .memory = gibibyte}, {.cpu_milli = 1000, .memory = 2 * gibibyte});
  CHECK_FALSE(pool.refusal({}));
  const auto grant = pool.acquire({});
  REQUIRE(grant);
  CHECK(grant->cpu_milli == 500);
  CHECK(grant->memory == gibibyte);
  CHECK_FALSE(pool.acquire({}));
}

TEST_CASE("more than the machine has is refused with what it has") {
  const ResourcePool pool = pool_with();
  CHECK(pool.refusal(cpu("8")) == "asks for 8 cpu, this machine has 4");
  CHECK(pool.refusal({.memory = quantity("1Ti")}) == "asks for 1Ti memory, this machine has 16Gi");
  CHECK(pool.refusal({.storage = quantity("1Ti")}) == "asks for 1Ti storage, 100Gi are free here");
  CHECK(pool.refusal(gpu("1")) == "asks for 1 gpu, none was found (nvidia-smi, rocm-smi)");
  CHECK_FALSE(pool.refusal(cpu("4")));
}

TEST_CASE("a device that is not the one asked for is named") {
  const ResourcePool pool = pool_with({device("A100")});
  CHECK(pool.refusal(gpu("1", "H200")) == "asks for 1 H200 gpu, this machine has `NVIDIA A100`");
  CHECK_FALSE(pool.refusal(gpu("1", "a100")));
}

TEST_CASE("parallel steps get different devices") {
  ResourcePool pool = pool_with({device("A100"), device("H200")});
  const auto first = pool.acquire(gpu("1"));
  const auto second = pool.acquire(gpu("1"));
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->gpus == std::vector<GpuShare>{{.device = 0, .milli = 1000}});
  CHECK(second->gpus == std::vector<GpuShare>{{.device = 1, .milli = 1000}});
  CHECK_FALSE(pool.acquire(gpu("500m")));
}

TEST_CASE("shares of a device add up to one, and fill a device before they break another") {
  ResourcePool pool = pool_with({device("A100"), device("H200")});
  const auto half = pool.acquire(gpu("0.5"));
  const auto other_half = pool.acquire(gpu("0.5"));
  REQUIRE(half);
  REQUIRE(other_half);
  CHECK(half->gpus == other_half->gpus);
  const auto whole = pool.acquire(gpu("1"));
  REQUIRE(whole);
  CHECK(whole->gpus == std::vector<GpuShare>{{.device = 1, .milli = 1000}});
  pool.release(*half);
  CHECK_FALSE(pool.acquire(gpu("1")));
  pool.release(*other_half);
  CHECK(pool.acquire(gpu("1")));
}

TEST_CASE("a step that waits can say for what") {
  ResourcePool pool = pool_with();
  REQUIRE(pool.acquire({.cpu = quantity("2500m"), .memory = quantity("10Gi")}));
  CHECK(pool.shortage({.cpu = quantity("2"), .memory = quantity("8Gi")}) ==
        "2 cpu (1500m of 4 free), 8Gi memory (6Gi of 16Gi free)");
  CHECK(pool.shortage(cpu("1")).empty());
}
