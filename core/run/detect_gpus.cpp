// SPDX-License-Identifier: Apache-2.0
#include "core/run/detect_gpus.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "core/run/ask_program.hpp"
#include "core/run/gpu.hpp"

namespace ame {

namespace {

constexpr std::chrono::seconds patience{20};  // a driver that has to wake its devices takes seconds

struct Tool {
  std::vector<std::string> (*query)();
  std::vector<GpuDevice> (*parse)(std::string_view);
  const char* vendor;
};

constexpr std::array<Tool, 3> tools = {{
    {nvidia_query, parse_nvidia_devices, "nvidia"},
    {amd_smi_query, parse_amd_smi_devices, "amd"},
    {rocm_smi_query, parse_rocm_smi_devices, "amd"},
}};

bool has_vendor(const std::vector<GpuDevice>& devices, const std::string& vendor) {
  for (const GpuDevice& device : devices) {
    if (device.vendor == vendor) {
      return true;
    }
  }
  return false;
}

std::string hidden_by(const std::map<std::string, std::string>& environment) {
  for (const char* name : {"CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"}) {
    if (const auto found = environment.find(name); found != environment.end()) {
      return fmt::format("`{}` is `{}`", name, found->second);
    }
  }
  return "";
}

}  // namespace

void detect_gpus(MachineResources& machine,
                 ProcessRunner& processes,
                 const Clock& clock,
                 const std::map<std::string, std::string>& environment) {
  std::vector<std::string> variables;
  for (const auto& [key, value] : environment) {
    variables.push_back(fmt::format("{}={}", key, value));
  }
  std::vector<ProcessRequest> requests;
  for (const Tool& tool : tools) {
    requests.push_back({.argv = tool.query(), .environment = variables, .directory = "/"});
  }
  const std::vector<ProgramAnswer> answers = ask_programs(processes, clock, requests, patience);

  std::vector<GpuDevice> devices;
  std::vector<std::string> silent;
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const std::vector<GpuDevice> found =
        answers[i].is_fine() ? tools.at(i).parse(answers[i].output) : std::vector<GpuDevice>{};
    if (found.empty()) {
      const std::string why = answers[i].is_fine() ? "lists none" : answers[i].failure();
      silent.push_back(fmt::format("`{}` {}", requests[i].argv.front(), why));
    } else if (!has_vendor(devices, tools.at(i).vendor)) {
      devices.insert(devices.end(), found.begin(), found.end());
    }
  }
  machine.gpus = visible_devices(devices, environment);
  if (machine.gpus.empty() && !devices.empty()) {
    silent = {hidden_by(environment)};
  }
  machine.gpus_looked_for = fmt::format("{}", fmt::join(silent, ", "));
}

}  // namespace ame
