// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_request.hpp"

#include <chrono>
#include <vector>

#include <fmt/format.h>

#include "clusters/step_script.hpp"

namespace ame::clusters {

namespace {

using std::chrono::minutes;

constexpr std::int64_t mebibyte = 1 << 20;

std::int64_t in_mebibytes(const Quantity& bytes) {
  return (bytes.whole() + mebibyte - 1) / mebibyte;
}

std::string gres_of(const GpuRequest& gpu) {
  const std::string model = gpu.model.empty() ? "" : ":" + plain_name(gpu.model);
  return fmt::format("gpu{}:{}", model, gpu.count.whole());
}

std::string constraint_of(const std::vector<NodeLabel>& labels) {
  std::string text;
  for (const NodeLabel& label : labels) {
    text += (text.empty() ? "" : "&") + plain_name(label.value);
  }
  return text;
}

std::string option(const std::string& name, const std::string& value) {
  return value.empty() ? "" : fmt::format("#SBATCH --{}={}\n", name, value);
}

std::string number(std::int64_t value, const char* unit = "") {
  return value == 0 ? "" : fmt::format("{}{}", value, unit);
}

}  // namespace

SlurmRequest slurm_request(const Step& step, const Job& job, const std::string& partition, const std::string& account) {
  const Resources& resources = job.resources;
  return {.partition = partition,
          .account = account,
          .cpus = resources.cpu ? resources.cpu->whole() : 0,
          .memory = resources.memory ? in_mebibytes(*resources.memory) : 0,
          .disk = resources.storage ? in_mebibytes(*resources.storage) : 0,
          .gpus = resources.gpu ? gres_of(*resources.gpu) : "",
          .minutes = job.timeout ? std::chrono::ceil<minutes>(*job.timeout).count() : 0,
          .constraint = constraint_of(step.task->node_selector)};
}

std::string slurm_header(const std::string& name, const SlurmRequest& request) {
  return option("job-name", plain_name(name)) + option("partition", request.partition) +
         option("account", request.account) + option("nodes", "1") + option("ntasks", "1") +
         option("cpus-per-task", number(request.cpus)) + option("mem", number(request.memory, "M")) +
         option("tmp", number(request.disk, "M")) + option("gres", request.gpus) +
         option("time", number(request.minutes)) + option("constraint", request.constraint) + "#SBATCH --no-requeue\n";
}

}  // namespace ame::clusters
