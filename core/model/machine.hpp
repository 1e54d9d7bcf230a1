// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/quantity.hpp"

namespace ame {

struct GpuDevice {
  std::string vendor;       ///< "nvidia", "amd"
  std::string id;           ///< as the vendor's visibility variable takes it: a UUID or an index
  std::string model;        ///< "NVIDIA H200", as the driver says it
  std::int64_t memory = 0;  ///< bytes; 0: not known

  bool operator==(const GpuDevice&) const = default;
};

/// What work may use here: the machine, or the share of it that ame itself was given.
struct MachineResources {
  Quantity cpu;                   ///< threads
  std::int64_t memory = 0;        ///< bytes
  std::int64_t free_storage = 0;  ///< bytes, where the project lies
  std::vector<GpuDevice> gpus;
  std::string gpus_looked_for;  ///< what was asked for devices, for the error that there is none
  bool is_share = false;        ///< less, or more, than the machine has: the user said so

  bool operator==(const MachineResources&) const = default;
};

}  // namespace ame
