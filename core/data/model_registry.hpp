// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/ports/http.hpp"

namespace ame {

/// Where an MLflow server is, and who asks: what MLflow itself takes from its variables.
struct RegistryAccess {
  std::string address;  ///< MLFLOW_REGISTRY_URI or MLFLOW_TRACKING_URI; `http://` or `https://`, no slash at its end
  std::string authorization;  ///< "Bearer …" or "Basic …"; empty: nobody says who asks
};

/// A version of a registered model.
struct ModelVersion {
  int number = 0;
  std::string run;     ///< of MLflow, that logged it; may be empty
  std::string source;  ///< where its files are: "models:/m-…", "s3://…"

  bool operator==(const ModelVersion&) const = default;
};

/// The registry of an MLflow server, asked over its REST API 2.0. Failures are Error(machine) that name the address.
class ModelRegistry {
 public:
  /// The port outlives this.
  ModelRegistry(Http& http, RegistryAccess access);

  /// None: the model is not registered, or has no version.
  [[nodiscard]] std::optional<ModelVersion> newest(const std::string& model);
  [[nodiscard]] std::optional<ModelVersion> find(const std::string& model, int version);

  [[nodiscard]] const std::string& address() const { return access_.address; }

 private:
  [[nodiscard]] std::optional<ModelVersion> first(const std::string& filter);
  [[nodiscard]] HttpRequest request(const std::string& query) const;
  [[nodiscard]] Error failed(const std::string& why, const std::string& hint = {}) const;

  Http& http_;
  RegistryAccess access_;
};

}  // namespace ame
