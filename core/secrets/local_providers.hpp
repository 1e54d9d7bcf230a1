// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "core/ports/file_system.hpp"
#include "core/ports/secret_provider.hpp"
#include "core/ports/secret_store.hpp"

namespace ame {

/// A secret without fields.
SecretAnswer whole_secret(std::string_view bytes);

/// Without the line end at its end, if it has one.
std::string_view without_line_end(std::string_view text);

/// `!ame`: the user's own store.
class StoreProvider final : public SecretProvider {
 public:
  explicit StoreProvider(SecretStore& store)
      : store_(store) {}

  SecretAnswer fetch(const SecretReference& reference) override;

 private:
  SecretStore& store_;
};

/// `!env`: the environment ame was started in. An empty variable counts as absent.
class EnvironmentProvider final : public SecretProvider {
 public:
  explicit EnvironmentProvider(const std::map<std::string, std::string>& environment)
      : environment_(environment) {}

  SecretAnswer fetch(const SecretReference& reference) override;

 private:
  const std::map<std::string, std::string>& environment_;
};

/// `!file`: a file of the machine, without its last line end.
class FileProvider final : public SecretProvider {
 public:
  /// Relative paths start at `directory`.
  FileProvider(const FileReader& files, std::filesystem::path directory)
      : files_(files),
        directory_(std::move(directory)) {}

  SecretAnswer fetch(const SecretReference& reference) override;

 private:
  const FileReader& files_;
  std::filesystem::path directory_;
};

}  // namespace ame
