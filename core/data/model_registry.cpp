// SPDX-License-Identifier: Apache-2.0
#include "core/data/model_registry.hpp"

#include <charconv>
#include <chrono>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ame {

using nlohmann::json;

namespace {

constexpr int ok = 200;
constexpr int unauthorized = 401;
constexpr int forbidden = 403;
constexpr auto patience = std::chrono::seconds(20);

/// In a filter of MLflow a quote cannot stand in a text.
std::string quoted(const std::string& text) {
  std::string plain = text;
  std::erase(plain, '\'');
  return "'" + plain + "'";
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// MLflow writes numbers of versions as texts.
std::optional<ModelVersion> version_of(const json& object) {
  const std::string text = text_of(object, "version");
  ModelVersion version{.run = text_of(object, "run_id"), .source = text_of(object, "source")};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), version.number);
  return read.ec == std::errc() && version.number > 0 ? std::optional(std::move(version)) : std::nullopt;
}

std::string hint_of(int status) {
  if (status == unauthorized || status == forbidden) {
    return "MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, say who asks";
  }
  return {};
}

}  // namespace

ModelRegistry::ModelRegistry(Http& http, RegistryAccess access)
    : http_(http),
      access_(std::move(access)) {}

std::optional<ModelVersion> ModelRegistry::newest(const std::string& model) {
  return first(fmt::format("name={}", quoted(model)));
}

std::optional<ModelVersion> ModelRegistry::find(const std::string& model, int version) {
  return first(fmt::format("name={} and version_number={}", quoted(model), version));
}

std::optional<ModelVersion> ModelRegistry::first(const std::string& filter) {
  const HttpResult result = http_.send(request(
      fmt::format("filter={}&max_results=1&order_by={}", url_encoded(filter), url_encoded("version_number DESC"))));
  if (const auto* failure = std::get_if<HttpFailure>(&result)) {
    throw failed(failure->reason);
  }
  const auto& response = std::get<HttpResponse>(result);
  const json body = json::parse(response.body, nullptr, false);
  if (response.status != ok) {
    const std::string words = body.is_object() ? text_of(body, "message") : std::string();
    throw failed(fmt::format("status {}{}", response.status, words.empty() ? "" : ", " + words),
                 hint_of(response.status));
  }
  if (!body.is_object()) {
    throw failed("its answer is no JSON", "is it the address of an MLflow server?");
  }
  const auto versions = body.find("model_versions");
  const bool has_one = versions != body.end() && versions->is_array() && !versions->empty();
  return has_one ? version_of(versions->front()) : std::nullopt;
}

HttpRequest ModelRegistry::request(const std::string& query) const {
  HttpRequest made{.url = fmt::format("{}/api/2.0/mlflow/model-versions/search?{}", access_.address, query)};
  if (!access_.authorization.empty()) {
    made.headers.push_back({"Authorization", access_.authorization});
  }
  made.connect_within = patience;
  made.done_within = patience;
  return made;
}

Error ModelRegistry::failed(const std::string& why, const std::string& hint) const {
  return {ExitCode::machine,
          Diagnostic{.message = fmt::format("MLflow at `{}` cannot be asked for versions: {}", access_.address, why),
                     .hint = hint}};
}

}  // namespace ame
