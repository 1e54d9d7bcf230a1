// SPDX-License-Identifier: Apache-2.0
#include "core/run/wanted_resources.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace ame {

namespace {

template <class Value>
void fill(std::optional<Value>& wanted, const std::optional<Value>& otherwise) {
  if (!wanted) {
    wanted = otherwise;
  }
}

/// Not `500m`: programs read it as a number.
std::string decimal_text(const Quantity& quantity) {
  const std::int64_t milli = quantity.milli();
  if (milli % 1000 == 0) {
    return std::to_string(milli / 1000);
  }
  std::string text = fmt::format("{}.{:03}", milli / 1000, milli % 1000);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

}  // namespace

Resources with_defaults(const Resources& wanted, const Resources& defaults) {
  Resources all = wanted;
  fill(all.cpu, defaults.cpu);
  fill(all.storage, defaults.storage);
  fill(all.gpu, defaults.gpu);
  if (!all.memory) {
    all.memory = defaults.memory;
    all.memory_factor = defaults.memory_factor;
    fill(all.memory_max, defaults.memory_max);
  }
  return all;
}

std::vector<EnvironmentVariable> resource_variables(const Resources& resources) {
  std::vector<EnvironmentVariable> variables;
  if (resources.cpu) {
    variables.push_back({.key = "AME_RESOURCES_CPU", .value = decimal_text(*resources.cpu)});
  }
  if (resources.memory) {
    variables.push_back({.key = "AME_RESOURCES_MEMORY", .value = std::to_string(resources.memory->whole())});
  }
  if (resources.storage) {
    variables.push_back({.key = "AME_RESOURCES_STORAGE", .value = std::to_string(resources.storage->whole())});
  }
  if (resources.gpu) {
    variables.push_back({.key = "AME_RESOURCES_GPU", .value = decimal_text(resources.gpu->count)});
  }
  return variables;
}

std::optional<Resources> with_more_memory(const Resources& resources, std::int64_t capacity) {
  if (!resources.memory) {
    return std::nullopt;
  }
  const std::int64_t had = resources.memory->whole();
  const std::int64_t most = resources.memory_max ? std::min(resources.memory_max->whole(), capacity) : capacity;
  const auto grown = static_cast<double>(had) * static_cast<double>(resources.memory_factor.milli()) / 1000;
  const std::int64_t next = grown >= static_cast<double>(most) ? most : static_cast<std::int64_t>(grown);
  if (next <= had) {
    return std::nullopt;
  }
  Resources more = resources;
  more.memory = Quantity::of_whole(next);
  return more;
}

}  // namespace ame
