// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/ports/project_fetcher.hpp"

namespace ame {

/// Keeps `<cache>/imports/<hash of url>/` with a bare repository and one directory a commit. May be deleted at any
/// time. Certificates and host keys are checked; several processes may use it at once.
class GitProjectFetcher : public ProjectFetcher {
 public:
  explicit GitProjectFetcher(std::filesystem::path cache);

  std::string resolve(const std::string& url, const std::string& ref, const GitCredentials& credentials) override;

  [[nodiscard]] std::optional<std::filesystem::path> find(const std::string& url,
                                                          const std::string& commit) const override;

  std::filesystem::path fetch(const std::string& url,
                              const std::string& commit,
                              const GitCredentials& credentials) override;

 private:
  [[nodiscard]] std::filesystem::path directory_of(const std::string& url) const;

  std::filesystem::path cache_;
};

}  // namespace ame
