// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/machine.hpp"
#include "core/model/resources.hpp"

namespace ame {

/// A part of a device, in thousandths; 1000 is the whole.
struct GpuShare {
  std::size_t device = 0;  ///< index into MachineResources::gpus
  std::int64_t milli = 0;

  bool operator==(const GpuShare&) const = default;
};

/// What a step holds while it runs.
struct Grant {
  std::int64_t cpu_milli = 0;
  std::int64_t memory = 0;   ///< bytes
  std::int64_t storage = 0;  ///< bytes
  std::vector<GpuShare> gpus;

  bool operator==(const Grant&) const = default;
};

/// What a task that says nothing about its cpu or memory is counted with. Counted, not enforced: more than the machine
/// has is quietly cut to it, since nobody asked for it.
struct AssumedResources {
  std::int64_t cpu_milli = 1000;
  std::int64_t memory = 0;
};

/// Admits steps so that the sum of what they hold stays within the machine. Pure bookkeeping.
class ResourcePool {
 public:
  ResourcePool(MachineResources capacity, AssumedResources assumed);

  /// Why the request can never be met here, with what there is; none when it can.
  [[nodiscard]] std::optional<std::string> refusal(const Resources& request) const;

  [[nodiscard]] bool has_room_for(const Resources& request) const;

  /// None while others hold too much of it. Requires that the request is not refused.
  std::optional<Grant> acquire(const Resources& request);

  void release(const Grant& grant);

  /// Asks for no more than there is: what the machine could never give is cut to what it has.
  [[nodiscard]] Resources cut_to_capacity(const Resources& request) const;

  /// "2 cpu (1.5 of 4 free)": what a request that cannot be met now waits for; empty when it could start.
  [[nodiscard]] std::string shortage(const Resources& request) const;

  [[nodiscard]] const MachineResources& capacity() const { return capacity_; }

 private:
  [[nodiscard]] Grant wanted(const Resources& request) const;
  [[nodiscard]] bool is_free(const Grant& grant) const;
  [[nodiscard]] std::optional<std::vector<GpuShare>> find_gpus(const GpuRequest& request,
                                                               const std::vector<std::int64_t>& free_milli) const;

  MachineResources capacity_;
  AssumedResources assumed_;
  std::int64_t free_cpu_milli_;
  std::int64_t free_memory_;
  std::int64_t free_storage_;
  std::vector<std::int64_t> free_gpu_milli_;
};

}  // namespace ame
