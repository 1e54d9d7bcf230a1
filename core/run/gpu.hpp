// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/command.hpp"
#include "core/model/machine.hpp"
#include "core/run/resource_pool.hpp"

namespace ame {

/// The command that makes NVIDIA's driver list its devices, and what its output says. Lines that make no sense are
/// passed over: drivers add notes of their own.
std::vector<std::string> nvidia_query();
std::vector<GpuDevice> parse_nvidia_devices(std::string_view output);

/// The same for AMD's `rocm-smi` in its CSV form.
std::vector<std::string> amd_query();
std::vector<GpuDevice> parse_amd_devices(std::string_view output);

/// Only what the caller's own CUDA_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES or HIP_VISIBLE_DEVICES leave to ame, in their
/// order. Devices are named there by index or UUID; an unknown name hides all that follow it, as the driver does.
std::vector<GpuDevice> visible_devices(const std::vector<GpuDevice>& devices,
                                       const std::map<std::string, std::string>& environment);

/// The variables that show a step its devices and nothing else. With no share they hide every device.
std::vector<EnvironmentVariable> gpu_variables(const std::vector<GpuDevice>& devices, const Grant& grant);

}  // namespace ame
