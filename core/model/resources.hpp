// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/quantity.hpp"

namespace ame {

struct GpuRequest {
  std::string vendor;              ///< "nvidia", "amd", "intel"; empty: any
  std::string model;               ///< "H200"; empty: any
  Quantity count;                  ///< a fraction shares one device
  std::optional<Quantity> memory;  ///< of the device

  bool operator==(const GpuRequest&) const = default;
};

/// A `vendor.tld/name` resource that only a cluster understands.
struct ExtendedResource {
  std::string key;
  Quantity amount;

  bool operator==(const ExtendedResource&) const = default;
};

/// What a task asks for. Absent: not asked for, and the defaults of the configuration apply.
struct Resources {
  std::optional<Quantity> cpu;                     ///< threads
  std::optional<Quantity> memory;                  ///< bytes
  std::optional<Quantity> memory_max;              ///< bytes; how far an out-of-memory retry may go
  Quantity memory_factor = Quantity::of_whole(2);  ///< how many times as much such a retry gets
  std::optional<Quantity> storage;                 ///< bytes
  std::optional<GpuRequest> gpu;
  std::vector<ExtendedResource> extended;

  bool operator==(const Resources&) const = default;
};

}  // namespace ame
