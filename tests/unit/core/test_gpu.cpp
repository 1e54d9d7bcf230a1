// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/gpu.hpp"

using namespace ame;

namespace {

const std::vector<GpuDevice> three = parse_nvidia_devices(
    "GPU-1a2b, NVIDIA A100-SXM4-80GB, 81920\n"
    "GPU-3c4d, NVIDIA A100-SXM4-80GB, 81920\n"
    "GPU-5e6f, NVIDIA H200, 143771\n");

std::vector<std::string> ids(const std::vector<GpuDevice>& devices) {
  std::vector<std::string> found;
  for (const GpuDevice& device : devices) {
    found.push_back(device.id);
  }
  return found;
}

}  // namespace

TEST_CASE("NVIDIA's list is read, notes of the driver are passed over") {
  const auto devices = parse_nvidia_devices(
      "WARNING: infoROM is corrupted at gpu 0000:00:04.0\n"
      "GPU-1a2b, NVIDIA H200, 143771\r\n\n");
  REQUIRE(devices.size() == 1);
  CHECK(devices.front() ==
        GpuDevice{.vendor = "nvidia", .id = "GPU-1a2b", .model = "NVIDIA H200", .memory = 143771LL * 1024 * 1024});
}

TEST_CASE("the list of rocm-smi is read by the names of its columns") {
  const auto devices = parse_rocm_smi_devices(
      "device,VRAM Total Memory (B),VRAM Total Used Memory (B),Card series,Card model\n"
      "card0,68702699520,10850304,Instinct MI250X,0x0b0c\n"
      "card1,68702699520,10850304,Instinct MI250X,0x0b0c\n");
  REQUIRE(devices.size() == 2);
  CHECK(devices[1] == GpuDevice{.vendor = "amd", .id = "1", .model = "Instinct MI250X", .memory = 68702699520});
}

TEST_CASE("the list of amd-smi is read by the names of its columns") {
  const auto devices = parse_amd_smi_devices(
      "gpu,market_name,vendor_id,num_compute_units,type,vendor,size,bit_width\n"
      "0,AMD Instinct MI300X,0x1002,304,HBM3,SAMSUNG,196288,8192\n"
      "1,AMD Instinct MI300X,0x1002,304,HBM3,SAMSUNG,N/A,8192\n");
  CHECK(devices == std::vector<GpuDevice>{
                       {.vendor = "amd", .id = "0", .model = "AMD Instinct MI300X", .memory = 196288LL * 1024 * 1024},
                       {.vendor = "amd", .id = "1", .model = "AMD Instinct MI300X", .memory = 0}});
}

TEST_CASE("a parent's own choice of devices is respected, by index, by UUID and by its beginning") {
  CHECK(ids(visible_devices(three, {})) == std::vector<std::string>{"GPU-1a2b", "GPU-3c4d", "GPU-5e6f"});
  CHECK(ids(visible_devices(three, {{"CUDA_VISIBLE_DEVICES", "2,0"}})) ==
        std::vector<std::string>{"GPU-5e6f", "GPU-1a2b"});
  CHECK(ids(visible_devices(three, {{"CUDA_VISIBLE_DEVICES", "GPU-3c"}})) == std::vector<std::string>{"GPU-3c4d"});
  CHECK(visible_devices(three, {{"CUDA_VISIBLE_DEVICES", ""}}).empty());
  CHECK(ids(visible_devices(three, {{"CUDA_VISIBLE_DEVICES", "1,9,0"}})) == std::vector<std::string>{"GPU-3c4d"});
}

TEST_CASE("a part of a device that a parent was given is passed on as it is named") {
  CHECK(visible_devices(three, {{"CUDA_VISIBLE_DEVICES", "MIG-7f3c"}}) ==
        std::vector<GpuDevice>{{.vendor = "nvidia", .id = "MIG-7f3c", .model = "MIG instance", .memory = 0}});
}

TEST_CASE("a step sees its devices and nothing else") {
  const Grant grant{.gpus = {{.device = 1, .milli = 1000}, {.device = 2, .milli = 1000}}};
  CHECK(gpu_variables(three, grant) ==
        std::vector<EnvironmentVariable>{{.key = "CUDA_VISIBLE_DEVICES", .value = "GPU-3c4d,GPU-5e6f"},
                                         {.key = "CUDA_DEVICE_ORDER", .value = "PCI_BUS_ID"}});
}

TEST_CASE("AMD's devices are named for ROCR, and counted among those for HIP, which reads CUDA's variable too") {
  const std::vector<GpuDevice> devices = {{.vendor = "nvidia", .id = "GPU-1a2b", .model = "A100", .memory = 0},
                                          {.vendor = "amd", .id = "0", .model = "MI300X", .memory = 0},
                                          {.vendor = "amd", .id = "1", .model = "MI300X", .memory = 0},
                                          {.vendor = "amd", .id = "2", .model = "MI300X", .memory = 0}};
  CHECK(gpu_variables(devices, {.gpus = {{.device = 2, .milli = 1000}, {.device = 3, .milli = 1000}}}) ==
        std::vector<EnvironmentVariable>{{.key = "CUDA_VISIBLE_DEVICES", .value = "0,1"},
                                         {.key = "CUDA_DEVICE_ORDER", .value = "PCI_BUS_ID"},
                                         {.key = "ROCR_VISIBLE_DEVICES", .value = "1,2"},
                                         {.key = "HIP_VISIBLE_DEVICES", .value = "0,1"}});
  CHECK(gpu_variables(devices, {.gpus = {{.device = 0, .milli = 500}}}) ==
        std::vector<EnvironmentVariable>{{.key = "CUDA_VISIBLE_DEVICES", .value = "GPU-1a2b"},
                                         {.key = "CUDA_DEVICE_ORDER", .value = "PCI_BUS_ID"},
                                         {.key = "ROCR_VISIBLE_DEVICES", .value = ""},
                                         {.key = "HIP_VISIBLE_DEVICES", .value = ""}});
}
