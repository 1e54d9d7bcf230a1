// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

namespace fs = std::filesystem;

/// `made` grows by a letter each time the data set is made.
constexpr const char* one_data_set = R"(
  project: demo
  dataSets:
    - name: customers
      path: data/customers.csv
      task:
        name: fetch
        executor: !custom {command: "mkdir -p data; cat source.txt > data/customers.csv; printf x >> made"}
        cache: {inputs: [source.txt], outputs: [data]}
  tasks:
    - name: train
      executor: !custom {command: cat data/customers.csv}
      dataSets: [customers]
    - name: check
      executor: !custom {command: wc -c < data/customers.csv}
      dataSets: [{ref: {name: customers}}]
    - name: both
      executor: !custom {command: "true"}
      dependsOn: [train, check]
)";

std::string made(const AmeTest& test) {
  return test.content_of(test.project_directory() / "made");
}

bool anybody_writes(const fs::path& path) {
  const fs::perms writing = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  return (fs::status(path).permissions() & writing) != fs::perms::none;
}

}  // namespace

TEST_CASE("a data set is made once for all that use it, and again only when what it depends on changed",
          "[e2e][data]") {
  AmeTest test;
  test.project(one_data_set).file("source.txt", "ann\n");
  test.run("task run -l both -j 1").exits(0);
  CHECK(made(test) == "x");
  CHECK_FALSE(anybody_writes(test.project_directory() / "data/customers.csv"));
  test.run("task run -l train")
      .out("ann\n")
      .err(
          "the data set `customers` is ready: run 1 made it, and nothing it depends on has changed\n"
          "train-2 started\n"
          "train-2 succeeded in TIME\n")
      .exits(0);
  CHECK(made(test) == "x");
  test.file("source.txt", "bob\n");
  test.run("dataset status customers --json").exits(0);
  test.run("task run -l train")
      .out("[train] bob\n")
      .err(
          "train-3 started: 2 steps\n"
          "[data/customers] started\n"
          "[data/customers] making the data set `customers`: `source.txt` changed\n"
          "[data/customers] the data set `customers` is ready: 1 file (4 bytes)\n"
          "[data/customers] succeeded in TIME\n"
          "[train] started\n"
          "[train] succeeded in TIME\n"
          "train-3 succeeded in TIME\n")
      .exits(0);
  CHECK(made(test) == "xx");
  test.file("source.txt", "ann\n");
  test.run("task run -lq train").out("ann\n").err("").exits(0);
  CHECK(made(test) == "xx");
  test.run("task run -lq train --refresh-data").exits(0);
  CHECK(made(test) == "xxx");
}

TEST_CASE("a data set whose file was removed comes back from the store", "[e2e][data]") {
  AmeTest test;
  test.project(one_data_set).file("source.txt", "ann\n");
  test.run("task run -lq train").exits(0);
  fs::remove_all(test.project_directory() / "data");
  test.run("task run -lq train").out("ann\n").err("").exits(0);
  CHECK(made(test) == "x");
  CHECK_FALSE(anybody_writes(test.project_directory() / "data/customers.csv"));
}

TEST_CASE("what somebody wrote over a data set is not written over", "[e2e][data]") {
  AmeTest test;
  test.project(one_data_set).file("source.txt", "ann\n");
  test.run("task run -lq train").exits(0);
  fs::remove(test.project_directory() / "data/customers.csv");
  test.file("data/customers.csv", "mine\n");
  test.run("task run -l train")
      .out("")
      .err(
          "the data set `customers` is ready: run 1 made it, and nothing it depends on has changed\n"
          "train-2 started\n"
          "hint: move it away, or `ame dataset build --refresh-data customers` makes the data set anew\n"
          "error: task `train` failed: its data could not be put in place: `PROJECT/data/customers.csv` is not what "
          "`customers` holds there, and nobody has kept it; its log: ame task logs 2\n")
      .exits(1);
  CHECK(test.content_of(test.project_directory() / "data/customers.csv") == "mine\n");
}

TEST_CASE("a maker's failure names itself in who uses the data", "[e2e][data]") {
  AmeTest test;
  test.project(R"(
    project: demo
    dataSets:
      - name: customers
        path: data.csv
        task:
          name: fetch
          executor: !custom {command: exit 3}
    tasks:
      - name: train
        executor: !custom {command: cat data.csv}
        dataSets: [customers]
  )");
  test.run("task run -l train")
      .out("")
      .err(
          "train-1 started: 2 steps\n"
          "[data/customers] started\n"
          "[data/customers] making the data set `customers`: it was never made\n"
          "[data/customers] failed with exit code 3 after TIME\n"
          "[train] was skipped: needs the data set `customers`, which failed\n"
          "error: task `data/customers` failed with exit code 3; its log: ame task logs 1 --step "
          "data/customers\n")
      .exits(1);
  test.run("dataset status customers")
      .out(
          "name:  customers\nphase: Failed\npath:  data.csv\nmade:  never\nwhy:   it was never made\nfailed in run 1: "
          "ame "
          "task logs 1\n")
      .err("")
      .exits(0);
}

TEST_CASE("data of another project is made there and put in place here", "[e2e][data]") {
  AmeTest test;
  test.file(
      "warehouse/ame.yml",
      "project: warehouse\n"
      "dataSets:\n"
      "  - name: orders\n"
      "    path: out/orders\n"
      "    task:\n"
      "      name: export\n"
      "      executor: !custom {command: 'mkdir -p out/orders; printf 1 > out/orders/a; printf 2 > out/orders/b'}\n");
  test.file("shop/ame.yml",
            "project: shop\n"
            "tasks:\n"
            "  - name: train\n"
            "    executor: !custom {command: cat out/orders/a out/orders/b}\n"
            "    dataSets: [warehouse.orders]\n");
  test.variable("AME_PROJECT_PATH", test.project_directory().string());
  test.directory("shop").run("task run -lq train").out("[train] 12\n").err("").exits(0);
  CHECK_FALSE(anybody_writes(test.project_directory() / "shop/out/orders/a"));
  test.run("task run -lq train").out("12").err("").exits(0);
}

TEST_CASE("two runs at once make a data set once", "[e2e][data]") {
  AmeTest test;
  test.project(R"(
    project: demo
    dataSets:
      - name: slow
        path: data.csv
        task:
          name: fetch
          executor: !custom {command: "printf x >> made; echo making; until [ -e go ]; do sleep 0.05; done; printf 1 > data.csv"}
          cache: {inputs: [ame.yml]}
    tasks:
      - name: train
        executor: !custom {command: cat data.csv}
        dataSets: [slow]
  )");
  Running first = test.start("task run -l train");
  first.wait_for("making");
  Running second = test.start("task run -l train");
  second.wait_for("another run makes the data set `slow`: waiting for it");
  test.file("go", "");
  first.finish().exits(0);
  second.finish().out("[train] 1\n").exits(0);
  CHECK(made(test) == "x");
}

TEST_CASE("data sets are listed, made by name, and forgotten", "[e2e][data]") {
  AmeTest test;
  test.project(one_data_set).file("source.txt", "ann\n");
  test.run("ds list")
      .out("Name      Phase   Size Made  Path               \ncustomers Pending      never data/customers.csv \n\n")
      .err("")
      .exits(0);
  test.run("dataset build customers").exits(0);
  test.run("dataset build customers")
      .out("")
      .err("the data set `customers` is ready: run 1 made it, and nothing it depends on has changed\n")
      .exits(0);
  test.run("dataset build custmers")
      .out("")
      .err("error: there is no data set `custmers`\nhint: did you mean `customers`?\n")
      .exits(2);
  test.run("dataset rm customers")
      .out("")
      .err("what was kept of the data set `customers` is removed; its files in the project stay\n")
      .exits(0);
  test.run("dataset status customers")
      .out("name:  customers\nphase: Pending\npath:  data/customers.csv\nmade:  never\nwhy:   it was never made\n")
      .err("")
      .exits(0);
}

}  // namespace ame
