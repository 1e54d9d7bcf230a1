// SPDX-License-Identifier: Apache-2.0
#include "core/run/gpu.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <numeric>

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
    if (name.starts_with("MIG-")) {  // a part of a device, which the driver's list of devices does not have
      chosen.push_back({.vendor = "nvidia", .id = std::string(name), .model = "MIG instance", .memory = 0});
      continue;
    }
    const GpuDevice* device = named(devices, name);
    if (device == nullptr) {
      break;
    }
    chosen.push_back(*device);
  }
  return chosen;
}

std::size_t column_named(const std::vector<std::string_view>& header, std::initializer_list<std::string_view> names) {
  return static_cast<std::size_t>(std::ranges::find_first_of(header, names) -
                                  header.begin());  // header.size() where there is none
}

/// The field of a line in that column; empty where the line has none.
std::string_view field_of(const std::vector<std::string_view>& fields, std::size_t column) {
  return column < fields.size() ? fields[column] : std::string_view{};
}

/// How one of AMD's tools writes its table.
struct AmdTable {
  std::string_view first_column;
  std::string_view before_index;  ///< of the first field
  std::initializer_list<std::string_view> model;
  std::initializer_list<std::string_view> memory;
  std::int64_t memory_unit = 1;
};

std::vector<GpuDevice> parse_amd_table(std::string_view output, const AmdTable& table) {
  std::vector<GpuDevice> devices;
  std::vector<std::string_view> header;
  for (const std::string_view line : split(output, '\n')) {
    const auto fields = split(line, ',');
    if (fields.front() == table.first_column) {
      header = fields;
      continue;
    }
    const bool is_device = !header.empty() && fields.front().starts_with(table.before_index);
    const std::string_view index = is_device ? fields.front().substr(table.before_index.size()) : "";
    if (!whole_number(index)) {
      continue;
    }
    const std::string_view model = field_of(fields, column_named(header, table.model));
    const auto memory = whole_number(field_of(fields, column_named(header, table.memory)));
    devices.push_back({.vendor = "amd",
                       .id = std::string(index),
                       .model = model.empty() ? "AMD GPU" : std::string(model),
                       .memory = memory.value_or(0) * table.memory_unit});
  }
  return devices;
}

std::string joined_ids(const std::vector<GpuDevice>& devices, const Grant& grant, std::string_view vendor) {
  std::vector<std::string> ids;
  for (const GpuShare& share : grant.gpus) {
    if (devices[share.device].vendor == vendor) {
      ids.push_back(devices[share.device].id);
    }
  }
  return fmt::format("{}", fmt::join(ids, ","));
}

/// "0,1,2": as many as there are in the list.
std::string positions_of(const std::string& list) {
  std::vector<std::int64_t> positions(list.empty() ? 0 : static_cast<std::size_t>(std::ranges::count(list, ',')) + 1);
  std::iota(positions.begin(), positions.end(), 0);
  return fmt::format("{}", fmt::join(positions, ","));
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

std::vector<std::string> nvidia_memory_query() {
  return {"nvidia-smi", "--query-compute-apps=pid,used_memory", "--format=csv,noheader,nounits"};
}

std::map<int, std::int64_t> parse_nvidia_memory(std::string_view output) {
  std::map<int, std::int64_t> memory;
  for (const std::string_view line : split(output, '\n')) {
    const auto fields = split(line, ',');
    const auto process = whole_number(fields.front());
    const auto used = fields.size() == 2 ? whole_number(fields[1]) : std::nullopt;
    if (process && used) {
      memory[static_cast<int>(*process)] += *used * mebibyte;  // one line for each device
    }
  }
  return memory;
}

std::vector<std::string> amd_smi_query() {
  return {"amd-smi", "static", "--asic", "--vram", "--csv"};
}

std::vector<GpuDevice> parse_amd_smi_devices(std::string_view output) {
  return parse_amd_table(output,
                         {.first_column = "gpu",
                          .before_index = "",
                          .model = {"market_name"},
                          .memory = {"size", "vram_size", "vram_size_mb"},
                          .memory_unit = mebibyte});
}

std::vector<std::string> rocm_smi_query() {
  return {"rocm-smi", "--showproductname", "--showmeminfo", "vram", "--csv"};
}

std::vector<GpuDevice> parse_rocm_smi_devices(std::string_view output) {
  return parse_amd_table(output,
                         {.first_column = "device",
                          .before_index = "card",
                          .model = {"Card series", "Card Series"},
                          .memory = {"VRAM Total Memory (B)"}});
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
  const std::string nvidia = joined_ids(devices, grant, "nvidia");
  const std::string amd = joined_ids(devices, grant, "amd");
  const bool has_amd = std::ranges::find(devices, "amd", &GpuDevice::vendor) != devices.end();
  if (!has_amd) {
    return {{.key = "CUDA_VISIBLE_DEVICES", .value = nvidia}, {.key = "CUDA_DEVICE_ORDER", .value = "PCI_BUS_ID"}};
  }
  // HIP counts among what ROCR leaves, and reads CUDA's variable as its own.
  const std::string positions = positions_of(amd);
  return {{.key = "CUDA_VISIBLE_DEVICES", .value = amd.empty() ? nvidia : positions},
          {.key = "CUDA_DEVICE_ORDER", .value = "PCI_BUS_ID"},
          {.key = "ROCR_VISIBLE_DEVICES", .value = amd},
          {.key = "HIP_VISIBLE_DEVICES", .value = positions}};
}

}  // namespace ame
