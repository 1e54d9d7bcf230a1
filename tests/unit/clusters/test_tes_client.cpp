// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <variant>

#include <catch2/catch.hpp>

#include "clusters/tes/tes_client.hpp"
#include "tests/support/scripted_http.hpp"

namespace ame::clusters {
namespace {

using Lines = std::vector<std::string>;

struct World {
  ScriptedHttp http;
  TesClient client{http, "http://127.0.0.1:1/ga4gh/tes/v1", SecretText("Bearer t"), {}};

  /// What comes of creating a task when the server answers so.
  ServerFault fault_of(const HttpResult& result) {
    http.then({.result = result});
    const ServerResult<std::string> made = client.create("{}");
    REQUIRE(std::holds_alternative<ServerFault>(made));
    return std::get<ServerFault>(made);
  }
};

}  // namespace

TEST_CASE("a server of TES is asked in its own words") {
  World world;
  world.http.then({.result = status(200, R"({"id": "a b"})")})
      .then({.result = status(200, R"({"id": "a b", "state": "QUEUED"})")})
      .then({.result = status(200, "{}")})
      .then({.result = status(200, "")});
  CHECK(std::get<std::string>(world.client.create("{}")) == "a b");
  CHECK(std::get<SeenTask>(world.client.get("a b", TesView::full)).state == "QUEUED");
  CHECK(std::holds_alternative<std::monostate>(world.client.cancel("a b")));
  CHECK(std::get<ServerFault>(world.client.service()).kind == ServerFault::Kind::unanswered);
  CHECK(world.http.asked == Lines{"POST /ga4gh/tes/v1/tasks",
                                  "GET /ga4gh/tes/v1/tasks/a%20b?view=FULL",
                                  "POST /ga4gh/tes/v1/tasks/a%20b:cancel",
                                  "GET /ga4gh/tes/v1/service-info"});
}

TEST_CASE("a list is read to its end, and what is not meant is left out") {
  World world;
  world.http
      .then({.result = status(200, R"({"tasks": [{"id": "1", "name": "run/1"}, {"id": "2", "name": "other"}],
                                       "next_page_token": "p&2"})")})
      .then({.result = status(200, R"({"tasks": [{"id": "3", "name": "run/2"}], "next_page_token": ""})")});
  const auto tasks = std::get<std::vector<SeenTask>>(world.client.list("run/", TesView::basic));
  REQUIRE(tasks.size() == 2);
  CHECK(tasks[1].id == "3");
  CHECK(world.http.asked ==
        Lines{"GET /ga4gh/tes/v1/tasks?name_prefix=run%2F&page_size=1000&view=BASIC",
              "GET /ga4gh/tes/v1/tasks?name_prefix=run%2F&page_size=1000&page_token=p%262&view=BASIC"});
  world.http.then({.result = status(200, R"({"tasks": [], "next_page_token": "same"})")})
      .then({.result = status(200, R"({"tasks": [], "next_page_token": "same"})")});
  CHECK(std::get<std::vector<SeenTask>>(world.client.list("run/", TesView::minimal)).empty());
  world.http.then({.result = status(200, R"({"tasks": [{"id": "1", "name": "run/1"}], "next_page_token": "2"})")})
      .then({.result = status(500)});
  CHECK(std::get<ServerFault>(world.client.list("run/", TesView::basic)).reason == "answers 500");
}

TEST_CASE("a task is found by its whole name") {
  World world;
  const char* const tasks = R"({"tasks": [{"id": "1", "name": "run/12"}, {"id": "2", "name": "run/1"}]})";
  world.http.then({.result = status(200, tasks)}).then({.result = status(200, tasks)}).then({.result = status(503)});
  CHECK(std::get<std::string>(world.client.find("run/1")) == "2");
  CHECK(std::get<std::string>(world.client.find("run/")).empty());
  CHECK(std::get<ServerFault>(world.client.find("run/1")).kind == ServerFault::Kind::busy);
}

TEST_CASE("each fault says whether asking again may help, and whether it may be done all the same") {
  World world;

  struct Case {
    HttpResult result;
    ServerFault::Kind kind;
    bool may_be_done;
    std::string reason;
  };

  using Kind = ServerFault::Kind;
  const std::vector<Case> cases = {
      {status(400, R"({"error": "bad task"})"), Kind::refused, false, "answers 400 (bad task)"},
      {status(401, "Unauthorized"), Kind::denied, false, "answers 401 (Unauthorized)"},
      {status(403), Kind::denied, false, "answers 403"},
      {status(404), Kind::absent, false, "answers 404"},
      {status(409), Kind::refused, false, "answers 409"},
      {status(429), Kind::busy, false, "answers 429"},
      {status(500, "<html>"), Kind::busy, true, "answers 500"},
      {status(502), Kind::busy, true, "answers 502"},
      {status(503), Kind::busy, false, "answers 503"},
      {status(301), Kind::refused, false, "answers 301"},
      {status(200, "<html>welcome</html>"), Kind::unanswered, true, "answers with what is no answer of TES"},
      {status(200, R"({"id": "a)"), Kind::unanswered, true, "answers with what is no answer of TES"},
      {broken(), Kind::unanswered, true, "the connection ended in the middle"},
      {HttpFailure{.fault = HttpFault::timed_out, .reason = "no answer"}, Kind::unanswered, true, "no answer"},
      {HttpFailure{.fault = HttpFault::unreachable, .reason = "nobody"}, Kind::unanswered, false, "nobody"},
      {HttpFailure{.fault = HttpFault::untrusted, .reason = "who"}, Kind::unanswered, false, "who"},
  };
  for (const Case& one : cases) {
    const ServerFault fault = world.fault_of(one.result);
    CAPTURE(one.reason);
    CHECK(fault.kind == one.kind);
    CHECK(fault.may_be_done == one.may_be_done);
    CHECK(fault.reason == one.reason);
    CHECK(fault.is_passing() == (one.kind == Kind::busy || one.kind == Kind::unanswered));
  }
  CHECK(world.fault_of(status(429, "", {{.name = "retry-after", .value = "7"}})).wait == std::chrono::seconds(7));
  CHECK_FALSE(world.fault_of(status(429, "", {{.name = "retry-after", .value = "Sun, 29 Nov"}})).wait);
}

TEST_CASE("an address is the one of the standard unless it says more") {
  CHECK(tes_endpoint("https://tes.example.org/") == "https://tes.example.org/ga4gh/tes/v1");
  CHECK(tes_endpoint("https://tes.example.org/own/v1//") == "https://tes.example.org/own/v1");
}

}  // namespace ame::clusters
