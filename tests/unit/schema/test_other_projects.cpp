// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

constexpr const char* uses_template = R"(
project: xgboost_project
tasks:
  - name: train
    fromTemplate:
      name: big
      project: shared_templates
    executor: !custom {command: make}
)";

constexpr const char* shared_templates = R"(
project: shared_templates
templates:
  - name: big
    fromTemplate: base
    resources: {cpu: 4}
  - name: base
    environment: {LEVEL: debug}
)";

}  // namespace

TEST_CASE("a project beside this one is found by its name") {
  const Task task = LoadTest(uses_template).file("/home/me/shared/ame.yml", shared_templates).task("train");
  CHECK(task.resources.cpu == Quantity::of_whole(4));
  CHECK(task.environment == std::vector<EnvironmentVariable>{{"LEVEL", "debug"}});
  CHECK(task.project == ProjectName("xgboost_project"));
  CHECK(LoadTest(uses_template).file("/home/me/shared_templates/ame.yaml", "templates: [{name: big}]").said().empty());
}

TEST_CASE("imports come before the workspace and AME_PROJECT_PATH, which come before the neighbours") {
  const auto cpu = [](LoadTest test) { return test.task("train").resources.cpu->text(); };
  const auto with_cpu = [](int count) {
    return "project: shared_templates\ntemplates: [{name: big, resources: {cpu: " + std::to_string(count) + "}}]\n";
  };
  LoadTest neighbour(uses_template);
  neighbour.file("/home/me/shared/ame.yml", with_cpu(1));
  CHECK(cpu(neighbour) == "1");
  LoadTest path = neighbour;
  path.file("/srv/projects/any/ame.yml", with_cpu(2)).project_path({"/srv/projects"});
  CHECK(cpu(path) == "2");
  LoadTest workspace = path;
  workspace.file("/home/ame-workspace.yml", "projects: [me/deep/shared]\n");
  workspace.file("/home/me/deep/shared/ame.yml", with_cpu(5));
  CHECK(cpu(workspace) == "5");
  LoadTest path_itself = neighbour;
  path_itself.file("/srv/one/ame.yml", with_cpu(3)).project_path({"/srv/one"});
  CHECK(cpu(path_itself) == "3");
  LoadTest import(std::string(uses_template) + "imports: [deep/inside]\n");
  import.file("/home/me/project/deep/inside/ame.yml", with_cpu(4)).file("/home/me/shared/ame.yml", with_cpu(1));
  CHECK(cpu(import) == "4");
}

TEST_CASE("a workspace names projects, or every project in a directory") {
  const auto with = [](const std::string& workspace) {
    return LoadTest(uses_template)
        .file("/home/ame-workspace.yml", workspace)
        .file("/home/teams/one/ame.yml", "project: one\n")
        .file("/home/teams/shared/ame.yml", shared_templates);
  };
  for (const char* workspace : {"projects: [teams/shared]", "projects: ['teams/*']", "projects: [./teams/shared/]"}) {
    CAPTURE(workspace);
    CHECK(with(workspace).said().empty());
  }
  CHECK(LoadTest(uses_template)
            .file("/home/me/project/ame-workspace.yml", "projects: ['*']")
            .file("/home/me/project/shared/ame.yml", shared_templates)
            .said()
            .empty());
  CHECK(with("projects: [teams/one]").said() == unindented(R"(
    ame.yml:6:13 error: there is no project `shared_templates`
      hint: looked in
      the same file: xgboost_project
      `imports`: none
      /home/ame-workspace.yml: one
      AME_PROJECT_PATH: none
      beside this project in /home/me: none
  )"));
}

TEST_CASE("mistakes in a workspace file are told once, with their places") {
  const LoadTest test = LoadTest(std::string(uses_template) + R"(
  - name: second
    fromTemplate: other.big
    executor: !custom {command: make}
)")
                            .file("/home/me/shared/ame.yml", shared_templates)
                            .file("/home/me/other/ame.yml", "project: other\ntemplates: [{name: big}]\n")
                            .file("/home/me/ame-workspace.yml", R"(
members: [a]
projects:
  - nowhere
  - none/*
  - a/**/b
  - {path: other}
)");
  CHECK(test.said() == unindented(R"(
    ../ame-workspace.yml:2:1 error: unknown key `members` in `ame-workspace.yml`
    ../ame-workspace.yml:4:5 error: there is no `ame.yml` in `../nowhere`
      hint: a project is a directory, seen from this file
    ../ame-workspace.yml:5:5 error: there is no directory `../none`
      hint: a project is a directory, seen from this file
    ../ame-workspace.yml:6:5 error: `a/**/b` is no directory
      hint: `*` stands alone and last: `models/*` means every directory in `models`
    ../ame-workspace.yml:7:5 error: `projects` is a mapping
      expected a directory
  )"));
}

TEST_CASE("several projects may stand in one file") {
  const LoadTest test(std::string(uses_template) + "---" + shared_templates);
  CHECK(test.task("train").resources.cpu == Quantity::of_whole(4));
  CHECK(test.project().name == ProjectName("xgboost_project"));
}

TEST_CASE("projects of one file need names of their own") {
  CHECK(LoadTest("project: one\ntasks: []\n---\nproject: one\ntasks: []\n---\ntasks: []\n---\ntasks: []\n").said() ==
        unindented(R"(
    ame.yml:4:10 error: there are two projects `one` in this file
      ame.yml:1:10 the first one
    ame.yml:9:1 error: there are two projects `project` in this file
      ame.yml:7:1 the first one
      hint: give this one a name with `project:`
  )"));
}

TEST_CASE("a project that is not found is told with the places that were looked at") {
  const LoadTest test = LoadTest(R"(
name: artifact_example
tasks:
  - name: artifact_task
    executor:
      !pipEnv
      command: python artifacts.py
    dataSets:
      - ref:
          name: somedataset
          project: anotherproject
)")
                            .file("/home/me/other/ame.yml", "project: another_project\ntasks: []\n")
                            .file("/home/me/broken/ame.yml", "a: [\n")
                            .file("/home/me/no_project/readme.md", "");
  CHECK(test.said() == unindented(R"(
    ame.yml:10:17 error: there is no project `anotherproject`
      hint: did you mean `another_project`?
    looked in
      the same file: artifact_example
      `imports`: none
      ame-workspace.yml: none
      AME_PROJECT_PATH: none
      beside this project in /home/me: ../broken/ame.yml, which cannot be read, another_project
  )"));
}

TEST_CASE("two projects of one name in one place are a mistake") {
  const LoadTest test =
      LoadTest(uses_template).file("/home/me/a/ame.yml", shared_templates).file("/home/me/b/ame.yml", shared_templates);
  CHECK(test.said() == unindented(R"(
    ame.yml:6:13 error: there are two projects `shared_templates`
      hint: `../a/ame.yml` and `../b/ame.yml`; name the one you mean in `imports`
  )"));
}

TEST_CASE("an import must lead to a project of the name it says") {
  const LoadTest test = LoadTest(std::string(uses_template) + R"(imports:
  - ../nowhere
  - {path: ../shared, project: other}
  - {path: ../shared, git: "https://git.example.org/a.git"}
)")
                            .file("/home/me/shared/ame.yml", shared_templates);
  CHECK(test.said() == unindented(R"(
    ame.yml:10:5 error: there is no `ame.yml` in `../nowhere`
      hint: an import is a directory, seen from this file
    ame.yml:11:5 error: the project in `../shared` is called `shared_templates`
      expected `other`
    ame.yml:12:5 error: this import says two places
      expected either `path` or `git`
  )"));
}

TEST_CASE("names that an imported project uses are its own") {
  const LoadTest test = LoadTest(R"(
project: mine
tasks:
  - name: all
    taskRef: theirs.all
  - name: build
    executor: !custom {command: mine}
)")
                            .file("/home/me/theirs/ame.yml", R"(
project: theirs
tasks:
  - name: all
    pipeline: [build]
    dependsOn: [clean]
  - name: build
    executor: !custom {command: theirs}
  - name: clean
    executor: !custom {command: clean}
)");
  const Project project = test.project();
  const Task all = *project.find_task(TaskName("all"));
  CHECK(all.project == ProjectName("theirs"));
  CHECK(all.project_directory == "/home/me/theirs");
  const Task& build = *std::get<Pipeline>(all.work).stages.at(0).at(0).at(0);
  CHECK(std::get<Executor>(build.work).command == CommandText(ShellCommand{"theirs"}));
  CHECK(all.depends_on == std::vector<TaskDependency>{{TaskName("clean"), ProjectName("theirs"), {}}});
  REQUIRE(project.other_tasks.size() == 3);
  CHECK(project.other_tasks.at(0)->name == TaskName("build"));
  CHECK(project.other_tasks.at(1)->name == TaskName("clean"));
  CHECK(project.other_tasks.at(2)->name == TaskName("all"));
}

TEST_CASE("mistakes in another project are told with its file") {
  const LoadTest test = LoadTest(uses_template).file("/home/me/shared/ame.yml", R"(
project: shared_templates
templates:
  - name: big
    resources: {cpu: many}
)");
  CHECK(test.said() == unindented(R"(
    ../shared/ame.yml:5:22 error: `cpu`: `many` is not a quantity
      hint: for example `2`, `500m` or `4Gi`
  )"));
}

}  // namespace ame::schema
