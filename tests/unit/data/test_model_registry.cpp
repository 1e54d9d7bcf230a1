// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/data/model_checks.hpp"
#include "core/data/model_registry.hpp"
#include "tests/support/failure.hpp"

namespace ame {

namespace {

/// Answers as it is told, and remembers what it was asked.
class OneAnswer final : public Http {
 public:
  explicit OneAnswer(HttpResult answer)
      : answer_(std::move(answer)) {}

  HttpResult send(const HttpRequest& request) override {
    asked = request;
    return answer_;
  }

  HttpRequest asked;

 private:
  HttpResult answer_;
};

std::string failure_with(HttpResult answer) {
  OneAnswer http(std::move(answer));
  ModelRegistry registry(http, {.address = "http://127.0.0.1:5000", .authorization = {}});
  return failure_of([&] { static_cast<void>(registry.newest("m")); });
}

HttpResponse response(int status, std::string body) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

constexpr const char* cannot = "MLflow at `http://127.0.0.1:5000` cannot be asked for versions: ";

}  // namespace

TEST_CASE("the newest version of a model is asked for by name") {
  OneAnswer http(response(200, R"({"model_versions": [{"version": "12", "run_id": "ab", "source": "s3://b/m"}]})"));
  ModelRegistry registry(http, {.address = "http://127.0.0.1:5000", .authorization = "Bearer t"});
  CHECK(registry.newest("it's") == ModelVersion{.number = 12, .run = "ab", .source = "s3://b/m"});
  CHECK(http.asked.url ==
        "http://127.0.0.1:5000/api/2.0/mlflow/model-versions/search?filter=name%3D%27its%27&max_results=1"
        "&order_by=version_number%20DESC");
  CHECK(http.asked.headers == std::vector<HttpHeader>{{"Authorization", "Bearer t"}});
  OneAnswer none(response(200, "{}"));
  CHECK_FALSE(ModelRegistry(none, {.address = "http://h", .authorization = {}}).find("m", 3));
  CHECK(none.asked.headers.empty());
}

TEST_CASE("what MLflow answers otherwise is told with its address") {
  CHECK(failure_with(HttpFailure{.fault = HttpFault::unreachable, .reason = "nobody listens there"}) ==
        cannot + std::string("nobody listens there"));
  CHECK(failure_with(response(401, "no")) ==
        cannot + std::string("status 401\nhint: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and "
                             "MLFLOW_TRACKING_PASSWORD, say who asks"));
  CHECK(failure_with(response(400, R"({"message": "bad filter"})")) == cannot + std::string("status 400, bad filter"));
  CHECK(failure_with(response(200, "<html>")) ==
        cannot + std::string("its answer is no JSON\nhint: is it the address of an MLflow server?"));
  CHECK(failure_with(response(200, R"({"model_versions": [{"version": "new"}]})")) == "no error");
}

TEST_CASE("validations of versions are kept, and another version behind the same number is another") {
  std::vector<ModelCheck> checks;
  note_check(checks,
             {.registry = "http://a", .version = 1, .mlflow_run = "x", .run = {7}, .is_green = false, .ended = {}});
  note_check(checks,
             {.registry = "http://a", .version = 1, .mlflow_run = "x", .run = {8}, .is_green = true, .ended = {}});
  note_check(checks,
             {.registry = "http://b", .version = 1, .mlflow_run = "x", .run = {9}, .is_green = true, .ended = {}});
  CHECK(read_model_checks(model_checks_json(checks)) == checks);
  REQUIRE(check_of(checks, "http://a", 1, "x") != nullptr);
  CHECK(check_of(checks, "http://a", 1, "x")->run == RunId{8});
  CHECK(check_of(checks, "http://a", 1, "another") == nullptr);
  CHECK(check_of(checks, "http://a", 2, "x") == nullptr);
  CHECK(read_model_checks("{").empty());
  CHECK(read_model_checks(R"({"format": 2, "checks": []})").empty());
}

}  // namespace ame
