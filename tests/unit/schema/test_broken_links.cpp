// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

std::string said(const std::string& text) {
  return LoadTest(unindented(text)).said();
}

}  // namespace

TEST_CASE("a task does exactly one thing") {
  CHECK(said(R"(
    templates: [{name: t, executor: !custom {command: x}}]
    tasks:
      - name: nothing
      - {name: both, executor: !custom {command: x}, pipeline: [fine]}
      - {name: inherited, fromTemplate: t, pipeline: [fine]}
      - {name: beside, taskRef: fine, executor: !custom {command: x}}
      - {name: templated, taskRef: fine, fromTemplate: t}
      - {name: cleared, fromTemplate: t, executor: null, pipeline: [fine]}
      - {name: fine, executor: !custom {command: x}}
  )") == unindented(R"(
    ame.yml:3:5 error: the task `nothing` has nothing to run
      expected `executor`, `pipeline` or `taskRef`
    ame.yml:4:50 error: the task `both` has both `executor` and `pipeline`
      ame.yml:4:18 the executor
      hint: where one of them comes from a template, set it to `null` here
    ame.yml:5:40 error: the task `inherited` has both `executor` and `pipeline`
      ame.yml:1:23 the executor
      hint: where one of them comes from a template, set it to `null` here
    ame.yml:6:35 error: `executor` cannot stand beside `taskRef`
      ame.yml:6:20 the reference
      hint: the task referred to says how it runs; other keys may be overridden here
    ame.yml:7:38 error: `fromTemplate` cannot stand beside `taskRef`
      ame.yml:7:23 the reference
      hint: the task referred to says how it runs; other keys may be overridden here
  )"));
}

TEST_CASE("circles of references, templates and steps are told with the place of each edge") {
  CHECK(said(R"(
    tasks:
      - {name: a, taskRef: b}
      - {name: b, taskRef: a}
      - {name: self, taskRef: self}
  )") == unindented(R"(
    ame.yml:2:24 error: tasks refer to each other in a circle: `a` -> `b` -> `a`
      ame.yml:2:24 `a` refers to `b`
      ame.yml:3:24 `b` refers to `a`
    ame.yml:4:27 error: tasks refer to each other in a circle: `self` -> `self`
      ame.yml:4:27 `self` refers to `self`
  )"));
  CHECK(said(R"(
    templates:
      - {name: a, fromTemplate: b}
      - {name: b, fromTemplate: [c]}
      - {name: c, fromTemplate: {name: a}}
    tasks:
      - {name: t, fromTemplate: a, executor: !custom {command: x}}
  )") == unindented(R"(
    ame.yml:2:29 error: templates are made from each other in a circle: `a` -> `b` -> `c` -> `a`
      ame.yml:2:29 `a` is made from `b`
      ame.yml:3:30 `b` is made from `c`
      ame.yml:4:29 `c` is made from `a`
  )"));
  CHECK(said(R"(
    dataSets:
      - {name: d, path: d, task: {taskRef: p}}
    tasks:
      - {name: p, pipeline: [q]}
      - {name: q, dependsOn: [r], executor: !custom {command: x}}
      - {name: r, dataSets: [d], executor: !custom {command: x}}
  )") == unindented(R"(
    ame.yml:4:26 error: tasks lead to each other in a circle: `p` -> `q` -> `r` -> `d` -> `p`
      ame.yml:4:26 `p` has the step `q`
      ame.yml:5:27 `q` depends on `r`
      ame.yml:6:26 `r` uses data from `d`
      ame.yml:2:30 `d` refers to `p`
  )"));
}

TEST_CASE("steps of a pipeline that wait for each other are told") {
  CHECK(said(R"(
    tasks:
      - name: all
        pipeline:
          - {name: first, dependsOn: [second], executor: !custom {command: x}}
          - {name: second, executor: !custom {command: x}}
      - name: group
        pipeline:
          - - {name: a, dependsOn: [b], executor: !custom {command: x}}
            - {name: b, dependsOn: [a], executor: !custom {command: x}}
  )") == unindented(R"(
    ame.yml:4:35 error: steps wait for each other in a circle: `first` -> `second` -> `first`
      ame.yml:4:35 `first` depends on `second`
      ame.yml:5:9 `second` comes after `first`
    ame.yml:8:33 error: steps wait for each other in a circle: `a` -> `b` -> `a`
      ame.yml:8:33 `a` depends on `b`
      ame.yml:9:33 `b` depends on `a`
  )"));
}

TEST_CASE("a pipeline is told what it cannot hold") {
  CHECK(said(R"(
    tasks:
      - {name: a, pipeline: []}
      - {name: b, pipeline: {x: y}}
      - {name: c, pipeline: [[], null, [[x, [x]]]]}
      - {name: d, pipeline: [{name: s, taskRef: x}, {name: s, taskRef: x}]}
      - {name: e, pipeline: [x], resources: {cpu: 1}}
      - {name: f, pipeline: [{triggers: {schedule: "@daily"}, taskRef: x}]}
      - {name: x, executor: !custom {command: x}}
  )") == unindented(R"(
    ame.yml:2:25 error: `pipeline` is empty
    ame.yml:3:25 error: `pipeline` is a mapping
      expected a list of tasks
      hint: begin each step with `- `; `ame migrate` rewrites files of older versions
    ame.yml:4:26 error: this parallel group is empty
    ame.yml:4:30 error: `pipeline` is nothing
      expected a task, or the name of one
    ame.yml:4:41 error: a list inside a chain inside a parallel group
      expected a task, or the name of one
      hint: give the inner part a name as a task with its own `pipeline`, and refer to it
    ame.yml:5:49 error: there are two steps called `s`
      ame.yml:5:26 first defined here
    ame.yml:6:30 warning: `resources` has no effect on a pipeline
      hint: say it in its steps, or in a template that they share
    ame.yml:7:27 error: unknown key `triggers` in a task
      hint: a trigger belongs to a task of the project, not to a step
  )"));
}

TEST_CASE("references that lead nowhere are told with the nearest name") {
  CHECK(said(R"(
    tasks:
      - {name: a, taskRef: prepair}
      - {name: b, taskRef: {name: prepare, project: nobody.knows}}
      - {name: c, taskRef: p.q.r}
      - {name: d, dependsOn: [prepar], executor: !custom {command: x}}
      - {name: e, dependsOn: prepare, executor: !custom {command: x}}
      - {name: f, dataSets: [imagse], executor: !custom {command: x}}
      - {name: g, fromTemplate: bgi, executor: !custom {command: x}}
      - {name: h, fromTemplate: {name: big, with: {a: 1}}, executor: !custom {command: x}}
      - {name: i, fromTemplate: {name: open, with: {siz: 1}}, executor: !custom {command: x}}
      - {name: prepare, executor: !custom {command: x}}
    dataSets: [{name: images, path: i, task: {taskRef: prepare}}]
    templates:
      - {name: big}
      - {name: open, parameters: {size: }}
  )") == unindented(R"(
    ame.yml:2:24 error: there is no task `prepair`
      hint: did you mean `prepare`?
    ame.yml:3:49 error: `nobody.knows` is no name
      expected letters, digits, `_` and `-`
    ame.yml:4:24 error: `p.q.r` has more than one dot
      expected `name`, or `project.name`
      hint: write `{name: …, project: …}`
    ame.yml:5:27 error: there is no task `prepar`
      hint: did you mean `prepare`?
    ame.yml:6:26 error: `dependsOn` is a text
      expected a list of names
      hint: write `[prepare]`
    ame.yml:7:26 error: there is no data set `imagse`
      hint: did you mean `images`?
    ame.yml:8:29 error: there is no template `bgi`
      hint: did you mean `big`?
    ame.yml:9:47 error: the template `big` has no parameters
      hint: declare them with `parameters: {name: default}`
    ame.yml:10:29 error: the template `open` needs `size`
      ame.yml:15:31 declared here
      hint: write `fromTemplate: {name: open, with: {size: …}}`
    ame.yml:10:49 error: the template `open` has no parameter `siz`
      hint: did you mean `size`?
  )"));
}

TEST_CASE("a template that is made from nothing known is told, once, and takes nothing with it") {
  CHECK(said(R"(
    templates:
      - {name: base, fromTemplate: nowhere}
      - {name: odd, fromTemplate: no name}
      - {name: open, fromTemplate: nowhere, parameters: {size: 1}}
    tasks:
      - {name: a, fromTemplate: base, executor: !custom {command: make}}
      - {name: b, fromTemplate: [odd, open], executor: !custom {command: make}}
  )") == unindented(R"(
    ame.yml:2:32 error: there is no template `nowhere`
    ame.yml:3:31 error: `no name` is no name
      expected `name`, or `project.name`
    ame.yml:4:32 error: there is no template `nowhere`
  )"));
}

TEST_CASE("a data set is said in one way") {
  CHECK(said(R"(
    dataSets: [{name: d, path: d, taskRef: x}]
    tasks:
      - {name: x, executor: !custom {command: x}}
      - {name: y, executor: !custom {command: x}, dataSets: [{ref: {name: d}, name: d}, {nam: d}, {ref: {nam: d}}]}
  )") == unindented(R"(
    ame.yml:4:75 error: `name` cannot stand beside `ref`
      hint: put it inside: `ref: {name: …, project: …}`
    ame.yml:4:85 error: a reference has no `name`
    ame.yml:4:86 error: unknown key `nam` in a reference
      hint: did you mean `name`?
    ame.yml:4:101 error: a reference has no `name`
    ame.yml:4:102 error: unknown key `nam` in a reference
      hint: did you mean `name`?
  )"));
}

TEST_CASE("an unused template that is broken is a warning, a used one an error") {
  CHECK(said("templates: [{name: t, timeout: 5}]\n") ==
        "ame.yml:1:32 warning: `timeout`: `5` has no unit\n"
        "  hint: write `5s` for seconds, `5m` for minutes or `5h` for hours\n");
  CHECK(said("templates: [{name: t, timeout: 5}]\n"
             "tasks:\n"
             "  - {name: a, fromTemplate: t, executor: !custom {command: x}}\n"
             "  - {name: b, fromTemplate: t, executor: !custom {command: x}}\n") ==
        "ame.yml:1:32 error: `timeout`: `5` has no unit\n"
        "  hint: write `5s` for seconds, `5m` for minutes or `5h` for hours\n");
}

TEST_CASE("models and data sets are told what they lack") {
  CHECK(said(R"(
    dataSets:
      - {name: a, path: /data, task: {taskRef: x}}
      - {name: b, path: b}
      - {name: c, task: {executor: !custom {command: x}}, taskRef: x}
    models:
      - {name: m, training: {}, deployment: {replicas: many, enable_tls: true}}
    vaults:
      v: {mount: kv, kvVersion: 3, auth: {method: key}}
    tools: {poerty: 1.8}
    tasks: [{name: x, executor: !custom {command: x}}]
  )") == unindented(R"(
    ame.yml:2:21 error: `/data` is outside the project
      expected a path inside the project
    ame.yml:3:5 error: the data set `b` has no `task` that produces it
    ame.yml:4:5 error: a data set has no `path`
    ame.yml:4:55 error: a data set has one task
      ame.yml:4:15 the other one
      hint: keep `task` or `taskRef`
    ame.yml:6:25 error: `training` has no `task`
    ame.yml:6:52 error: `replicas` is `many`
      expected a whole number
    ame.yml:6:58 error: `enable_tls` is a key of an older version
      hint: it is `enableTls` today; `ame migrate` rewrites files of older versions
    ame.yml:8:6 error: a Vault has no `address`
    ame.yml:8:29 error: there is no version 3 of the key-value engine
      expected `1` or `2`
    ame.yml:8:47 error: `method` is `key`
      expected `token`, `approle`, `kubernetes` or `jwt`
    ame.yml:9:9 error: there is no manager `poerty`
      expected `poetry`, `pip`, `pipenv`, `mlflow` or `uv`
      hint: did you mean `poetry`?
  )"));
}

TEST_CASE("long chains of references, templates and dependencies need no stack") {
  constexpr int length = 20'000;
  std::string text = "tasks:\n  - {name: t0, executor: !custom {command: x}}\n";
  std::string templates = "templates:\n  - {name: t0}\n";
  for (int number = 1; number < length; ++number) {
    text += fmt::format("  - {{name: t{}, taskRef: t{}}}\n", number, number - 1);
    templates += fmt::format("  - {{name: t{}, fromTemplate: t{}}}\n", number, number - 1);
  }
  text += fmt::format("  - {{name: last, fromTemplate: t{}, executor: !custom {{command: x}}, dependsOn: [t{}]}}\n",
                      length - 1,
                      length - 1);
  CHECK(LoadTest(text + templates).said().empty());
}

TEST_CASE("pipelines inside pipelines end somewhere") {
  std::string text = "tasks:\n  - {name: t0, executor: !custom {command: x}}\n";
  for (int number = 1; number <= 66; ++number) {
    text += fmt::format("  - {{name: t{}, pipeline: [t{}]}}\n", number, number - 1);
  }
  CHECK(LoadTest(text).said() == "ame.yml:67:28 error: pipelines stand in each other more than 64 deep\n");
}

}  // namespace ame::schema
