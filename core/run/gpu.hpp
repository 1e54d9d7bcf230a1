// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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

/// The same for the memory that processes use on NVIDIA's devices: bytes by process number.
std::vector<std::string> nvidia_memory_query();
std::map<int, std::int64_t> parse_nvidia_memory(std::string_view output);

/// The same for AMD's `amd-smi`, and for `rocm-smi`, which it replaces, in their CSV forms.
std::vector<std::string> amd_smi_query();
std::vector<GpuDevice> parse_amd_smi_devices(std::string_view output);
std::vector<std::string> rocm_smi_query();
std::vector<GpuDevice> parse_rocm_smi_devices(std::string_view output);

/// Only what the caller's own CUDA_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES or HIP_VISIBLE_DEVICES leave to ame, in their
/// order. Devices are named there by index or UUID, parts of them as `MIG-…`; an unknown name hides all that follow it,
/// as the driver does.
std::vector<GpuDevice> visible_devices(const std::vector<GpuDevice>& devices,
                                       const std::map<std::string, std::string>& environment);

/// The variables that show a step its devices and hide all others, of every vendor that is there: CUDA_VISIBLE_DEVICES,
/// and for AMD ROCR_VISIBLE_DEVICES and HIP_VISIBLE_DEVICES. Programs built for AMD read CUDA's variable too, so with
/// AMD devices it holds their positions; a grant has devices of one vendor.
std::vector<EnvironmentVariable> gpu_variables(const std::vector<GpuDevice>& devices, const Grant& grant);

}  // namespace ame
