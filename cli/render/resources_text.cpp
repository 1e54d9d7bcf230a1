// SPDX-License-Identifier: Apache-2.0
#include "cli/render/resources_text.hpp"

#include <optional>

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"
#include "cli/render/task_values.hpp"
#include "core/model/size_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::string or_dash(const std::optional<Quantity>& quantity) {
  return quantity ? quantity->text() : "-";
}

std::string used_text(std::int64_t bytes) {
  return bytes == 0 ? "-" : ame::size_text(bytes);
}

std::optional<Quantity> gpu_memory_of(const Resources& resources) {
  return resources.gpu ? resources.gpu->memory : std::nullopt;
}

}  // namespace

std::string machine_text(const MachineResources& machine) {
  std::string text = fmt::format("{:<8} {}\n{:<8} {}\n{:<8} {} free here\n",
                                 "cpu:",
                                 machine.cpu.text(),
                                 "memory:",
                                 ame::size_text(machine.memory),
                                 "storage:",
                                 ame::size_text(machine.free_storage));
  for (const GpuDevice& device : machine.gpus) {
    const std::string memory = device.memory == 0 ? "" : ", " + ame::size_text(device.memory);
    text += fmt::format("{:<8} {}{} ({} {})\n", "gpu:", device.model, memory, device.vendor, device.id);
  }
  if (machine.gpus.empty()) {
    text += fmt::format("{:<8} none ({})\n", "gpu:", machine.gpus_looked_for);
  }
  return text;
}

std::string machine_json(const MachineResources& machine) {
  Json gpus = Json::array();
  for (const GpuDevice& device : machine.gpus) {
    gpus.push_back({{"vendor", device.vendor},
                    {"id", device.id},
                    {"model", device.model},
                    {"memory_bytes", device.memory == 0 ? Json(nullptr) : Json(device.memory)}});
  }
  return document_text({{"cpu", machine.cpu.text()},
                        {"memory_bytes", machine.memory},
                        {"free_storage_bytes", machine.free_storage},
                        {"gpus", gpus}});
}

std::string advice_text(const ResourceAdvice& advice, const Painter& paint) {
  const UsageHistory& history = advice.history;
  std::string text = fmt::format("{}: {} looked at", advice.task, counted(history.runs, "run"));
  text += history.out_of_memory == 0 ? "\n\n" : fmt::format(", {} out of memory\n\n", history.out_of_memory);
  std::vector<TableRow> rows = {{{"cpu"},
                                 {or_dash(advice.asked.cpu)},
                                 {Quantity::of_milli(history.threads_milli).text()},
                                 {or_dash(advice.suggested.cpu)}},
                                {{"memory"},
                                 {or_dash(advice.asked.memory)},
                                 {used_text(history.peak_memory)},
                                 {or_dash(advice.suggested.memory)}}};
  if (history.peak_gpu_memory > 0) {
    rows.push_back({{"gpu memory"},
                    {or_dash(gpu_memory_of(advice.asked))},
                    {used_text(history.peak_gpu_memory)},
                    {or_dash(gpu_memory_of(advice.suggested))}});
  }
  text += table_text({"Resource", "Asked for", "Used at most", "Suggested"}, rows, paint);
  text += fmt::format(
      "resources:\n  cpu: {}\n  memory: {}\n", or_dash(advice.suggested.cpu), or_dash(advice.suggested.memory));
  if (advice.suggested.gpu) {
    text += fmt::format("  gpu: {{memory: {}}}\n", or_dash(gpu_memory_of(advice.suggested)));
  }
  return text;
}

std::string advice_json(const ResourceAdvice& advice) {
  const UsageHistory& history = advice.history;
  return document_text(
      {{"task", advice.task},
       {"runs", history.runs},
       {"out_of_memory", history.out_of_memory},
       {"asked", json_of(advice.asked)},
       {"used",
        {{"cpu", Quantity::of_milli(history.threads_milli).text()},
         {"peak_memory_bytes", history.peak_memory},
         {"peak_gpu_memory_bytes", history.peak_gpu_memory == 0 ? Json(nullptr) : Json(history.peak_gpu_memory)}}},
       {"suggested", json_of(advice.suggested)}});
}

}  // namespace ame::cli
