// SPDX-License-Identifier: Apache-2.0
#include "core/run/gpu.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

namespace ame {

namespace {

constexpr std::int64_t mebibyte = 1LL << 20;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::vector<GpuDevice> of_vendor(const std::vector<GpuDevice>& devices, std::string_view vendor) {
  std::vector<GpuDevice> found;
  std::ranges::copy_if(devices, std::back_inserter(found), [&](const auto& device) { return device.vendor == vendor; });
  return found;
}

/// A UUID may be shortened as long as it is clear.
const GpuDevice* named(const std::vector<GpuDevice>& devices, std::string_view name) {
  if (const auto index = whole_number(name)) {
    const bool known = *index >= 0 && *index < static_cast<std::int64_t>(devices.size());
    return known ? &devices[static_cast<std::size_t>(*index)] : nullptr;
  }
  const auto found = std::ranges::find_if(devices, [&](const auto& device) { return device.id.starts_with(name); });
  return found == devices.end() || name.empty() ? nullptr : &*found;
}

std::vector<GpuDevice> selected(const std::vector<GpuDevice>& devices, std::string_view names) {
  std::vector<GpuDevice> chosen;
  for (const std::string_view name : split(names, ',')) {
    const GpuDevice* device = named(devices, name);
    if (device == nullptr) {
      break;
    }
    chosen.push_back(*device);
  }
  return chosen;
}

GpuDevice amd_device(const std::vector<std::string_view>& header, const std::vector<std::string_view>& fields) {
  GpuDevice device{.vendor = "amd", .id = std::string(fields.front().substr(4)), .model = "AMD GPU", .memory = 0};
  for (std::size_t column = 0; column < fields.size(); ++column) {
    if (header[column] == "Card series" || header[column] == "Card Series") {
      device.model = fields[column];
    } else if (header[column] == "VRAM Total Memory (B)") {
      device.memory = whole_number(fields[column]).value_or(0);
    }
  }
  return device;
}

}  // namespace

std::vector<std::string> nvidia_query() {
  return {"nvidia-smi", "--query-gpu=uuid,name,memory.total", "--format=csv,noheader,nounits"};
}

std::vector<GpuDevice> parse_nvidia_devices(std::string_view output) {
  std::vector<GpuDevice> devices;
  for (const std::string_view line : split(output, '\n')) {
    const auto fields = split(line, ',');
    if (fields.size() == 3 && fields[0].starts_with("GPU-")) {
      devices.push_back({.vendor = "nvidia",
                         .id = std::string(fields[0]),
                         .model = std::string(fields[1]),
                         .memory = whole_number(fields[2]).value_or(0) * mebibyte});
    }
  }
  return devices;
}

std::vector<std::string> amd_query() {
  return {"rocm-smi", "--showproductname", "--showmeminfo", "vram", "--csv"};
}

std::vector<GpuDevice> parse_amd_devices(std::string_view output) {
  std::vector<GpuDevice> devices;
  std::vector<std::string_view> header;
  for (const std::string_view line : split(output, '\n')) {
    const auto fields = split(line, ',');
    if (fields.front() == "device") {
      header = fields;
    } else if (fields.front().starts_with("card") && fields.size() <= header.size()) {
      devices.push_back(amd_device(header, fields));
    }
  }
  return devices;
}

std::vector<GpuDevice> visible_devices(const std::vector<GpuDevice>& devices,
                                       const std::map<std::string, std::string>& environment) {
  std::vector<GpuDevice> nvidia = of_vendor(devices, "nvidia");
  std::vector<GpuDevice> amd = of_vendor(devices, "amd");
  if (const auto cuda = environment.find("CUDA_VISIBLE_DEVICES"); cuda != environment.end()) {
    nvidia = selected(nvidia, cuda->second);
  }
  for (const char* variable : {"ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"}) {
    if (const auto setting = environment.find(variable); setting != environment.end()) {
      amd = selected(amd, setting->second);
    }
  }
  nvidia.insert(nvidia.end(), amd.begin(), amd.end());
  return nvidia;
}

std::vector<EnvironmentVariable> gpu_variables(const std::vector<GpuDevice>& devices, const Grant& grant) {
  std::vector<std::string> nvidia;
  std::vector<std::string> amd;
  for (const GpuShare& share : grant.gpus) {
    const GpuDevice& device = devices[share.device];
    (device.vendor == "amd" ? amd : nvidia).push_back(device.id);
  }
  const std::string cuda = fmt::format("{}", fmt::join(nvidia, ","));
  const std::string rocr = fmt::format("{}", fmt::join(amd, ","));
  return {{.key = "CUDA_VISIBLE_DEVICES", .value = cuda},
          {.key = "CUDA_DEVICE_ORDER", .value = "PCI_BUS_ID"},
          {.key = "ROCR_VISIBLE_DEVICES", .value = rocr}};
}

}  // namespace ame
