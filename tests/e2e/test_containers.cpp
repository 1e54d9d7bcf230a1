// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include "core/system/curl_http.hpp"
#include "tests/support/ame_test.hpp"
#include "tests/support/child.hpp"
#include "tests/support/container_store.hpp"
#include "tests/support/files.hpp"
#include "tests/support/skip.hpp"

namespace ame {

namespace {

namespace fs = std::filesystem;

constexpr unsigned int some_user = 1000;

/// Knows one version of each model. Prints its port.
constexpr const char* small_registry = R"py(
import http.server, json
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"model_versions": [{"version": "1", "run_id": "r"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
print(server.server_address[1], flush=True)
server.serve_forever()
)py";

/// A project of some user, with a real podman beside it.
class ContainerTest {
 public:
  explicit ContainerTest(const fs::path& store) {
    test.variable("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    test.variable("CONTAINERS_CONF", (store / "containers.conf").string());
    test.variable("CONTAINERS_STORAGE_CONF", (store / "storage.conf").string());
  }

  AmeTest& project(std::string_view yaml) {
    test.project(yaml);
    if (::getuid() == 0) {
      REQUIRE(::chown(test.project_directory().c_str(), some_user, some_user) == 0);
    }
    return test;
  }

  [[nodiscard]] static std::string user() { return std::to_string(::getuid() == 0 ? some_user : ::getuid()); }

  [[nodiscard]] fs::path records() const { return test.home() / ".cache/ame/containers"; }

  /// Names of this test's own files there.
  [[nodiscard]] std::string files_of_containers() const {
    std::string names;
    for (const auto& entry : fs::directory_iterator(records())) {
      names += entry.path().extension().string() + "\n";
    }
    return names;
  }

  /// The name of the container that runs.
  [[nodiscard]] std::string container() const {
    for (const auto& entry : fs::directory_iterator(records())) {
      if (entry.path().extension() == ".podman") {
        return entry.path().stem().string();
      }
    }
    return "";
  }

  /// The number of the first process inside, as this machine counts it.
  [[nodiscard]] pid_t process() const {
    pid_t number = 0;
    std::ifstream(records() / (container() + ".started")) >> number;
    return number;
  }

  bool exists(const std::string& name) {
    const Ran ran = test.run_program({"/usr/bin/podman", "ps", "--all", "--filter", "name=" + name, "--quiet"});
    return !ran.out().empty();
  }

  AmeTest test;
};

constexpr const char* waiting = R"(
  tasks:
    - name: wait
      executor: !custom {image: "localhost/ame-small:1", command: "echo inside; exec sleep 1000"}
)";

/// Podman, with a note of the variables that ame wrote for it.
constexpr const char* watching_engine = R"(#!/bin/sh
  for word in "$@"; do
    case "$word" in --env-file=*) cat "${word#--env-file=}" >>"${0%/*}/written" ;; esac
  done
  exec /usr/bin/podman "$@"
)";

/// The processes whose environment has this entry.
std::vector<pid_t> holders_of(const std::string& entry) {
  std::vector<pid_t> holders;
  for (const fs::directory_entry& process : fs::directory_iterator("/proc")) {
    const std::string name = process.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    std::ifstream file(process.path() / "environ", std::ios::binary);
    const std::string environment((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (environment.find(entry) != std::string::npos) {
      holders.push_back(static_cast<pid_t>(std::stol(name)));
    }
  }
  return holders;
}

}  // namespace

TEST_CASE("a step with an image runs in it, on the project's files, as their owner", "[e2e][containers]") {
  const auto store = container_store();
  if (!store) {
    return;
  }
  ContainerTest world(*store);
  AmeTest& test = world.project(R"(
    tasks:
      - name: inside
        executor: !custom
          image: localhost/ame-small:1
          command: "id -u; ls /bin/bash 2>&1; echo $WHO-$container; echo made >made"
      - name: multi
        executor: !custom {image: "localhost/ame-small:1", command: 'printf %s "$TWO"'}
        environment: {TWO: "one\ntwo"}
      - name: root
        executor: !custom {image: "localhost/ame-small:1", command: id -u}
      - name: absent
        executor: !custom {image: "localhost/ame-small:1", command: [no-such-program]}
      - name: code
        executor: !custom {image: "localhost/ame-small:1", command: exit 3}
  )");
  test.run("task run -lq inside -e WHO=you")
      .out(ContainerTest::user() + "\nls: /bin/bash: No such file or directory\nyou-podman\n")
      .err("")
      .exits(0);
  CHECK(test.content_of("made") == "made\n");
  test.run("task run -lq multi").out("one\ntwo").err("").exits(0);
  test.run("task run -lq root --container-root").out("0\n").err("").exits(0);
  test.run("task run -lq code")
      .out("")
      .err("error: task `code` failed with exit code 3; its log: ame task logs 4\n")
      .exits(1);
  const Ran absent = test.run("task run -lq absent").out("").exits(1);
  CHECK(absent.err().ends_with("error: task `absent` failed with exit code 1; its log: ame task logs 5\n"));
  CHECK(world.files_of_containers().empty());
}

TEST_CASE("variables lie on disk no longer than a container needs to start", "[e2e][containers]") {
  const auto store = container_store();
  if (!store) {
    return;
  }
  ContainerTest world(*store);
  Running running = world.project(waiting).start("task run -l wait");
  running.wait_for("inside\n");
  CHECK(world.files_of_containers().find(".env") == std::string::npos);
  const std::string name = world.container();
  const pid_t inside = world.process();
  REQUIRE(inside > 0);
  CHECK(is_alive(inside));
  running.signal_group(SIGINT);
  running.finish().exits(130);
  CHECK_FALSE(is_alive(inside));
  CHECK_FALSE(world.exists(name));
  CHECK(world.files_of_containers().empty());
}

TEST_CASE("a kill of ame leaves no container behind", "[e2e][containers]") {
  const auto store = container_store();
  if (!store) {
    return;
  }
  ContainerTest world(*store);
  Running running = world.project(waiting).start("task run -l wait");
  running.wait_for("inside\n");
  const std::string name = world.container();
  const pid_t inside = world.process();
  running.signal(SIGKILL);
  running.finish().exits(128 + SIGKILL);
  // `podman ps` waits for whoever removes it, or finds it gone.
  for (int look = 0; look < 200 && (world.exists(name) || is_alive(inside)); ++look) {
  }
  CHECK_FALSE(is_alive(inside));
  CHECK_FALSE(world.exists(name));
}

TEST_CASE("a step in a container gets its secrets, and none of them lies on a disk", "[e2e][containers]") {
  const auto store = container_store();
  if (!store) {
    return;
  }
  ContainerTest world(*store);
  AmeTest& test = world.project(R"(
    tasks:
      - name: wait
        executor: !custom
          image: localhost/ame-small:1
          command: "cat keys/one >got; echo $TOKEN >>got; stat -Lc %a-%u keys/one >>got; echo inside; exec sleep 1000"
        secrets:
          - !env {key: FILE_OF_CI, injectAsFile: keys/one}
          - !env {key: TOKEN_OF_CI, injectAs: TOKEN}
  )");
  test.variable("FILE_OF_CI", "line one\nline two\n").variable("TOKEN_OF_CI", "token-of-ci");
  test.file("engine.sh", watching_engine).variable("PATH", test.project_directory().string() + ":/usr/sbin:/usr/bin");
  fs::rename(test.project_directory() / "engine.sh", test.project_directory() / "podman");
  fs::permissions(test.project_directory() / "podman",
                  fs::perms::others_exec | fs::perms::others_read | fs::perms::owner_all);
  const fs::path link = test.project_directory() / "keys/one";
  Running running = test.start("task run -l wait");
  running.wait_for("inside\n");
  CHECK(test.content_of("got") == "line one\nline two\ntoken-of-ci\n600-" + ContainerTest::user() + "\n");
  CHECK(test.content_of("written").find("token-of-ci") == std::string::npos);
  CHECK(test.content_of("written").find("AME_TASK=wait") != std::string::npos);
  CHECK(holders_of("TOKEN_OF_CI=token-of-ci") == std::vector<pid_t>{running.pid()});
  const fs::path in_memory = fs::read_symlink(link);
  CHECK(fs::exists(in_memory));
  const std::string name = world.container();
  running.signal(SIGKILL);
  running.finish().exits(128 + SIGKILL);
  for (int look = 0; look < 200 && (world.exists(name) || fs::is_symlink(link) || fs::exists(in_memory)); ++look) {
  }
  CHECK_FALSE(fs::is_symlink(link));
  CHECK_FALSE(fs::exists(in_memory));
  CHECK_FALSE(world.exists(name));
}

TEST_CASE("a timeout ends what runs in a container, also what does not listen", "[e2e][containers]") {
  const auto store = container_store();
  if (!store) {
    return;
  }
  ContainerTest world(*store);
  AmeTest& test = world.project(R"(
    tasks:
      - name: slow
        timeout: 1s
        executor: !custom {image: "localhost/ame-small:1", command: "exec sleep 1000"}
  )");
  test.run("task run -lq slow")
      .out("")
      .err(
          "error: task `slow` failed: took longer than its timeout of 1s; its log: ame task logs "
          "1\n")
      .exits(1);
  CHECK(world.files_of_containers().empty());
}

TEST_CASE("an engine holds a step to its memory", "[e2e][containers]") {
  const auto store = container_store();
  if (!store) {
    return;
  }
  ContainerTest world(*store);
  AmeTest& test = world.project(R"yaml(
    tasks:
      - name: eat
        executor: !custom
          image: localhost/ame-python:1
          command: |
            exec python3 -c "
            import time
            held = []
            while True:
              held.append(bytearray(1 << 20))
              time.sleep(0.02)"
        resources: {memory: 64Mi, cpu: 500m}
  )yaml");
  const Ran ran = test.run("task run -lq eat");
  ran.out("").exits(1);
  CHECK(std::regex_replace(ran.err(), std::regex("peak [0-9.]+Mi"), "peak MUCH") ==
        "error: task `eat` failed: exceeded 64Mi of memory, peak MUCH; its log: ame task logs 1\n");
  const std::string view = test.run("task view 1").out();
  CHECK(view.find("of 64Mi, podman") != std::string::npos);
}

TEST_CASE("an environment is made inside the image, once, by its own Python", "[e2e][containers]") {
  const auto store = container_store();
  if (!store) {
    return;
  }
  ContainerTest world(*store);
  AmeTest& test = world.project(R"yaml(
    tasks:
      - name: where
        executor: !pip
          image: localhost/ame-python:1
          pythonVersion: "3"
          command: [python, -c, "import sys, os; print(os.path.dirname(os.path.dirname(os.path.dirname(sys.prefix))))"]
  )yaml");
  test.file("requirements.txt", "");
  const Ran first = test.run("task run -l where").exits(0);
  CHECK(first.out().starts_with("HOME/.cache/ame/images/"));
  CHECK(first.err().find("looking into the image localhost/ame-python:1\n") != std::string::npos);
  test.run("task run -l where").out(first.out()).err("where-2 started\nwhere-2 succeeded in TIME\n").exits(0);
}

TEST_CASE("without an engine the choice is told, and `--no-container` takes it", "[e2e]") {
  AmeTest test;
  test.variable("PATH", test.project_directory().string());
  test.project(R"(
    tasks:
      - name: train
        executor: !custom {image: "train:1", command: echo here}
  )");
  test.run("task run -l train")
      .out("")
      .err(
          "error: the task `train` runs in the image `train:1`, and neither `podman` nor `docker` is on PATH\n"
          " --> ame.yml:3:15\n"
          "  |\n"
          "3 |     executor: !custom {image: \"train:1\", command: echo here}\n"
          "  |               ^^^^^^^\n"
          "hint: install one of them, or run it on this machine itself with `--no-container`\n")
      .exits(4);
  test.run("task run -lq train --no-container").out("here\n").err("").exits(0);
  test.run("task run -l train --no-container --container")
      .out("")
      .err("error: `--container` and `--no-container` exclude each other\n")
      .exits(2);
}

TEST_CASE("an image that cannot be had is told of before anything starts", "[e2e]") {
  AmeTest test;
  test.file("bin/podman", "#!/bin/sh\n[ $1 = pull ] && echo 'Error: no such host' >&2\nexit 125\n");
  fs::permissions(test.project_directory() / "bin/podman", fs::perms::owner_all);
  test.variable("PATH", (test.project_directory() / "bin").string() + ":/usr/bin:/bin");
  test.project(R"(
    tasks:
      - name: train
        executor: !custom {image: "far.example/train:1", command: echo here}
  )");
  test.run("task run -l train --container-root")
      .out("")
      .err(
          "pulling the image far.example/train:1 with podman\n"
          "error: the image `far.example/train:1` of the task `train` cannot be had: `podman pull` failed with exit "
          "code 125 (Error: no such host)\n"
          " --> ame.yml:3:15\n"
          "  |\n"
          "3 |     executor: !custom {image: \"far.example/train:1\", command: echo here}\n"
          "  |               ^^^^^^^\n"
          "hint: check its name, or run the task on this machine itself with `--no-container`\n")
      .exits(4);
}

TEST_CASE("root is not root in a container unless that is asked for", "[e2e]") {
  if (::getuid() != 0) {
    AmeTest test;
    test.project("tasks: [{name: a, executor: !custom {command: 'true'}}]");
    test.run("task run -lq a").exits(0);  // only root can meet the refusal
    return;
  }
  AmeTest test;
  test.file("bin/podman", "#!/bin/sh\nexit 0\n");
  fs::permissions(test.project_directory() / "bin/podman", fs::perms::owner_all);
  test.variable("PATH", (test.project_directory() / "bin").string() + ":/usr/bin:/bin");
  test.project("tasks: [{name: train, executor: !custom {image: 'train:1', command: echo here}}]");
  test.run("task run -l train")
      .out("")
      .err(
          "error: you are root and own `PROJECT`, and steps in containers are not root unless that is asked for\n"
          "hint: give the project to another user, or ask for root with `--container-root`\n")
      .exits(4);
}

TEST_CASE("a model is served from a container, and asked by its port", "[e2e][containers]") {
  const auto store = container_store();
  if (!store) {
    return;
  }
  ContainerTest container(*store);
  AmeTest& test = container.project(R"(
    project: shop
    models:
      - name: ranker
        validationTask: {taskRef: check}
        deployment:
          image: localhost/ame-python:1
          command: exec python3 -m http.server --bind 127.0.0.1 $AME_MODEL_PORT
    tasks:
      - name: check
        executor: !custom {command: "true"}
  )");
  written(test.project_directory() / "health", "well");
  Child registry({.argv = {"/usr/bin/python3", "-c", small_registry},
                  .environment = {{"PATH", "/usr/bin:/bin"}},
                  .directory = "/"});
  REQUIRE(registry.wait_for("\n"));
  const std::string port = registry.out().substr(0, registry.out().find('\n'));
  test.variable("MLFLOW_TRACKING_URI", "http://127.0.0.1:" + port);
  const Ran deployed = test.run("model deploy ranker");
  deployed.exits(0);
  const std::size_t address = deployed.out().find("http://");
  REQUIRE(address != std::string::npos);
  const std::string url = deployed.out().substr(address, deployed.out().find(' ', address) - address);
  const HttpResult answer = CurlHttp({}).send({.url = url + "/health"});
  REQUIRE(std::holds_alternative<HttpResponse>(answer));
  CHECK(std::get<HttpResponse>(answer).body == "well");
  CHECK_FALSE(container.container().empty());
  test.run("model stop ranker").exits(0);
  CHECK(container.files_of_containers().empty());
}

}  // namespace ame
