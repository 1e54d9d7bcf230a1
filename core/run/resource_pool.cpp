// SPDX-License-Identifier: Apache-2.0
#include "core/run/resource_pool.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/model/size_text.hpp"
#include "core/text.hpp"

namespace ame {

namespace {

constexpr std::int64_t whole_device = 1000;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// "H200" is meant by "NVIDIA H200 NVL" too.
bool fits(const GpuDevice& device, const GpuRequest& request) {
  const bool vendor = request.vendor.empty() || lower(request.vendor) == device.vendor;
  const bool model = request.model.empty() || lower(device.model).find(lower(request.model)) != std::string::npos;
  const bool memory = !request.memory || device.memory == 0 || device.memory >= request.memory->whole();
  return vendor && model && memory;
}

std::string cpu_text(std::int64_t milli) {
  return Quantity::of_milli(milli).text();
}

std::string description(const GpuRequest& request) {
  std::string text = request.count.text();
  for (const std::string& word : {request.vendor, request.model}) {
    text += word.empty() ? "" : " " + word;
  }
  text += " gpu";
  return request.memory ? fmt::format("{} with {}", text, request.memory->text()) : text;
}

const char* who_has(const MachineResources& machine) {
  return machine.is_share ? "this run may use" : "this machine has";
}

std::string inventory(const MachineResources& machine) {
  if (machine.gpus.empty()) {
    return machine.gpus_looked_for.empty() ? fmt::format("{} none", who_has(machine))
                                           : fmt::format("none was found ({})", machine.gpus_looked_for);
  }
  std::vector<std::string> models;
  models.reserve(machine.gpus.size());
  for (const GpuDevice& device : machine.gpus) {
    models.push_back(device.model);
  }
  return fmt::format("{} {}", who_has(machine), all_of(models));
}

}  // namespace

ResourcePool::ResourcePool(MachineResources capacity, AssumedResources assumed)
    : capacity_(std::move(capacity)),
      assumed_(assumed),
      free_cpu_milli_(capacity_.cpu.milli()),
      free_memory_(capacity_.memory),
      free_storage_(capacity_.free_storage),
      free_gpu_milli_(capacity_.gpus.size(), whole_device) {}

std::optional<std::string> ResourcePool::refusal(const Resources& request) const {
  std::vector<std::string> lacks;
  if (request.cpu && *request.cpu > capacity_.cpu) {
    lacks.push_back(
        fmt::format("asks for {} cpu, {} {}", request.cpu->text(), who_has(capacity_), capacity_.cpu.text()));
  }
  if (request.memory && request.memory->whole() > capacity_.memory) {
    lacks.push_back(fmt::format(
        "asks for {} memory, {} {}", request.memory->text(), who_has(capacity_), size_text(capacity_.memory)));
  }
  if (request.storage && request.storage->whole() > capacity_.free_storage) {
    const std::string free = size_text(capacity_.free_storage);
    lacks.push_back(capacity_.is_share
                        ? fmt::format("asks for {} storage, {} {}", request.storage->text(), who_has(capacity_), free)
                        : fmt::format("asks for {} storage, {} are free here", request.storage->text(), free));
  }
  const std::vector<std::int64_t> all_free(capacity_.gpus.size(), whole_device);
  if (request.gpu && !find_gpus(*request.gpu, all_free)) {
    lacks.push_back(fmt::format("asks for {}, {}", description(*request.gpu), inventory(capacity_)));
  }
  return lacks.empty() ? std::nullopt : std::optional(fmt::format("{}", fmt::join(lacks, "; ")));
}

Grant ResourcePool::wanted(const Resources& request) const {
  return {.cpu_milli = request.cpu ? request.cpu->milli() : std::min(assumed_.cpu_milli, capacity_.cpu.milli()),
          .memory = request.memory ? request.memory->whole() : std::min(assumed_.memory, capacity_.memory),
          .storage = request.storage ? request.storage->whole() : 0,
          .gpus = {}};
}

std::optional<std::vector<GpuShare>> ResourcePool::find_gpus(const GpuRequest& request,
                                                             const std::vector<std::int64_t>& free_milli) const {
  std::int64_t open = request.count.milli();
  const std::int64_t part = open < whole_device ? open : whole_device;
  std::vector<std::size_t> order(free_milli.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // A share goes where the least is left, so that whole devices stay whole for those that need one.
  std::ranges::stable_sort(order, {}, [&](std::size_t device) { return free_milli[device]; });

  std::vector<GpuShare> shares;
  for (const std::size_t device : order) {
    if (open > 0 && free_milli[device] >= part && fits(capacity_.gpus[device], request)) {
      shares.push_back({.device = device, .milli = part});
      open -= part;
    }
  }
  if (open > 0) {
    return std::nullopt;
  }
  std::ranges::sort(shares, {}, &GpuShare::device);
  return shares;
}

bool ResourcePool::is_free(const Grant& grant) const {
  return grant.cpu_milli <= free_cpu_milli_ && grant.memory <= free_memory_ && grant.storage <= free_storage_;
}

bool ResourcePool::has_room_for(const Resources& request) const {
  return is_free(wanted(request)) && (!request.gpu || find_gpus(*request.gpu, free_gpu_milli_));
}

Resources ResourcePool::cut_to_capacity(const Resources& request) const {
  Resources cut = request;
  if (cut.cpu) {
    cut.cpu = std::min(*cut.cpu, capacity_.cpu);
  }
  if (cut.memory) {
    cut.memory = std::min(*cut.memory, Quantity::of_whole(capacity_.memory));
  }
  if (cut.storage) {
    cut.storage = std::min(*cut.storage, Quantity::of_whole(capacity_.free_storage));
  }
  const std::vector<std::int64_t> all_free(capacity_.gpus.size(), whole_device);
  if (cut.gpu && !find_gpus(*cut.gpu, all_free)) {
    cut.gpu.reset();
  }
  return cut;
}

std::optional<Grant> ResourcePool::acquire(const Resources& request) {
  Grant grant = wanted(request);
  if (!is_free(grant)) {
    return std::nullopt;
  }
  if (request.gpu) {
    auto shares = find_gpus(*request.gpu, free_gpu_milli_);
    if (!shares) {
      return std::nullopt;
    }
    grant.gpus = std::move(*shares);
  }
  free_cpu_milli_ -= grant.cpu_milli;
  free_memory_ -= grant.memory;
  free_storage_ -= grant.storage;
  for (const GpuShare& share : grant.gpus) {
    free_gpu_milli_[share.device] -= share.milli;
  }
  return grant;
}

void ResourcePool::release(const Grant& grant) {
  free_cpu_milli_ += grant.cpu_milli;
  free_memory_ += grant.memory;
  free_storage_ += grant.storage;
  for (const GpuShare& share : grant.gpus) {
    free_gpu_milli_[share.device] += share.milli;
  }
}

std::string ResourcePool::shortage(const Resources& request) const {
  const Grant want = wanted(request);
  std::vector<std::string> lacks;
  if (want.cpu_milli > free_cpu_milli_) {
    lacks.push_back(fmt::format(
        "{} cpu ({} of {} free)", cpu_text(want.cpu_milli), cpu_text(free_cpu_milli_), capacity_.cpu.text()));
  }
  if (want.memory > free_memory_) {
    lacks.push_back(fmt::format(
        "{} memory ({} of {} free)", size_text(want.memory), size_text(free_memory_), size_text(capacity_.memory)));
  }
  if (want.storage > free_storage_) {
    lacks.push_back(fmt::format("{} storage ({} free)", size_text(want.storage), size_text(free_storage_)));
  }
  if (request.gpu && !find_gpus(*request.gpu, free_gpu_milli_)) {
    lacks.push_back(description(*request.gpu));
  }
  return fmt::format("{}", fmt::join(lacks, ", "));
}

}  // namespace ame
