// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/generated_project.hpp"

#include <fmt/format.h>

namespace ame::bench {
namespace {

constexpr std::size_t sweep_columns = 100;

std::string executor_task(std::size_t index) {
  std::string task = fmt::format(R"(  - name: task_{0}
    executor:
      !poetry
      pythonVersion: 3.11
      command: python train.py --fold {0} --rate 0.01
    resources:
      memory: {1}G
      cpu: 500m
      storage: 30Gi
      nvidia.com/gpu: 1
    secrets:
      - !ame # stored by ame
        key: token_{0}
        injectAs: TOKEN
      - !vault
        vault: company_vault
        key: path/to/secret_{0}
        injectAs: COMPANY_SECRET
    environment:
      - key: EPOCHS
        val: "{2}"
      - key: NOTE
        val: |
          fold {0}
)",
                                 index,
                                 index % 7 + 1,
                                 index % 90 + 10);
  if (index % 10 > 2) {
    task += fmt::format("    dependsOn: [task_{}, task_{}]\n", index - 1, index - 2);
  }
  return task;
}

std::string pipeline_task(std::size_t index) {
  return fmt::format(R"(  - name: pipeline_{0}
    pipeline:
      - taskRef: task_{1}
      - - taskRef: task_{2}
        - taskRef: task_{3}
      - taskRef: task_{4}
)",
                     index,
                     index - 9,
                     index - 8,
                     index - 7,
                     index - 6);
}

std::string reference_task(std::size_t index) {
  return fmt::format("  - name: reference_{}\n    taskRef: task_{}\n", index, index - 5);
}

}  // namespace

std::string generated_project(std::size_t tasks) {
  std::string text = "project: generated\ntasks:\n";
  for (std::size_t index = 0; index < tasks; ++index) {
    if (index % 20 == 9) {
      text += pipeline_task(index);
    } else if (index % 20 == 19) {
      text += reference_task(index);
    } else {
      text += executor_task(index);
    }
  }
  return text;
}

std::string tasks_with_needs(std::size_t tasks, std::size_t needs) {
  std::string text = "project: edges\ntasks:\n";
  for (std::size_t index = 0; index < tasks; ++index) {
    std::string names;
    for (std::size_t back = 1; back <= needs && back <= index; ++back) {
      names += fmt::format("{}task_{}", names.empty() ? "" : ", ", index - back);
    }
    text +=
        fmt::format("  - name: task_{}\n    executor: !custom {{command: make}}\n    dependsOn: [{}]\n", index, names);
  }
  return text;
}

std::string spelled_out_sweep(std::size_t tasks) {
  std::string text = "project: sweep\ntasks:\n";
  for (std::size_t index = 0; index < tasks; ++index) {
    text += fmt::format(R"(  - name: fit_{0}_{1}
    executor:
      !poetry
      pythonVersion: 3.11
      command: python fit.py --row {0} --column {1}
    resources:
      memory: 4G
      cpu: 2
)",
                        index / sweep_columns,
                        index % sweep_columns);
  }
  return text;
}

std::string matrix_sweep(std::size_t tasks) {
  const auto values = [](std::size_t count) {
    std::string list;
    for (std::size_t value = 0; value < count; ++value) {
      list += fmt::format("{}{}", value == 0 ? "" : ", ", value);
    }
    return list;
  };
  return fmt::format(R"(project: sweep
tasks:
  - name: fit
    matrix:
      row: [{}]
      column: [{}]
    executor:
      !poetry
      pythonVersion: 3.11
      command: python fit.py --row ${{matrix.row}} --column ${{matrix.column}}
    resources:
      memory: 4G
      cpu: 2
)",
                     values(tasks / sweep_columns),
                     values(sweep_columns));
}

}  // namespace ame::bench
