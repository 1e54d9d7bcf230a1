// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

TEST_CASE("a task can be seen with the place of every value", "[e2e]") {
  AmeTest test;
  test.file("shared/ame.yml",
            "project: shared\n"
            "templates:\n"
            "  - name: big\n"
            "    resources: {cpu: 4, memory: 1G}\n"
            "    secrets: [!ame {key: s, injectAs: S}]\n");
  test.project(R"(
    imports: [shared]
    defaults:
      image: ours
    tasks:
      - name: train
        fromTemplate: shared.big
        resources:
          memory: 4G
        executor: !pip
          command: |
            python a.py
            python b.py
  )");
  test.run("task view train --origin")
      .out(
          "name: train                              # ame.yml:5\n"
          "resources:\n"
          "  cpu: 4                                 # shared/ame.yml:4, template `big` of `shared`\n"
          "  memory: 4G                             # ame.yml:8\n"
          "secrets:\n"
          "  - !ame                                 # shared/ame.yml:5, template `big` of `shared`\n"
          "    key: s                               # shared/ame.yml:5, template `big` of `shared`\n"
          "    injectAs: S                          # shared/ame.yml:5, template `big` of `shared`\n"
          "executor: !pip                           # ame.yml:9\n"
          "  command: \"python a.py\\npython b.py\\n\"  # ame.yml:10\n"
          "  image: ours                            # ame.yml:3, default of the project\n")
      .err("")
      .exits(0);
  test.run("task view tain --origin")
      .out("")
      .err("error: ame.yml has no task `tain`\nhint: did you mean `train`?\n      its task is `train`\n")
      .exits(2);
}

TEST_CASE("the places of values can be read by a program", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: train
        executor: !mlflow
  )");
  test.run("task view train --origin --json")
      .out(R"({
  "task": "train",
  "values": [
    {
      "path": "name",
      "tag": null,
      "value": "train",
      "from": "task",
      "name": null,
      "project": null,
      "file": "ame.yml",
      "line": 2,
      "column": 5
    },
    {
      "path": "executor",
      "tag": "mlflow",
      "value": "",
      "from": "task",
      "name": null,
      "project": null,
      "file": "ame.yml",
      "line": 3,
      "column": 15
    }
  ]
}
)")
      .err("")
      .exits(0);
}

TEST_CASE("the user's own defaults hold where neither task nor project says otherwise", "[e2e]") {
  AmeTest test;
  std::filesystem::create_directories(test.home() / ".config/ame");
  std::ofstream(test.home() / ".config/ame/config.yml")
      << "defaults:\n  resources: {cpu: 0.5, memory: 2Gi, storage: 1Gi}\n";
  test.project(R"(
    defaults:
      resources: {memory: 1Gi}
    tasks:
      - name: a
        resources: {cpu: 1}
        executor: !custom {command: echo $AME_RESOURCES_CPU $AME_RESOURCES_MEMORY $AME_RESOURCES_STORAGE}
  )");
  test.run("task run -l -q a").out("1 1073741824 1073741824\n").exits(0);
  test.run("task view a --origin")
      .out(
          "name: a            # ame.yml:4\n"
          "resources:\n"
          "  cpu: 1           # ame.yml:5\n"
          "  memory: 1Gi      # ame.yml:2, default of the project\n"
          "  storage: 1Gi     # ../home/.config/ame/config.yml:2, your default\n"
          "executor: !custom  # ame.yml:6\n"
          "  command: echo $AME_RESOURCES_CPU $AME_RESOURCES_MEMORY $AME_RESOURCES_STORAGE  # ame.yml:6\n")
      .exits(0);
}

}  // namespace ame
