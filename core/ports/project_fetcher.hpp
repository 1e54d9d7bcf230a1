// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ame {

/// Who to be when a repository asks. Values come from the secret store; they are never written anywhere.
struct GitCredentials {
  std::string user;
  std::string token;
};

/// Projects that live in git repositories.
class ProjectFetcher {
 public:
  virtual ~ProjectFetcher() = default;

  /// The commit (40 hex digits) that a branch, a tag or a full commit id means at the repository now; an empty ref
  /// means its default branch. Asks the network. Throws Error(bad_project) when the repository or the ref is not
  /// there or may not be seen, with the place to look at in the message.
  virtual std::string resolve(const std::string& url, const std::string& ref, const GitCredentials& credentials) = 0;

  /// The files of that commit where they are here already; never asks the network.
  [[nodiscard]] virtual std::optional<std::filesystem::path> find(const std::string& url,
                                                                  const std::string& commit) const = 0;

  /// The files of that commit, fetched when they are not here yet. The directory appears whole or not at all.
  virtual std::filesystem::path fetch(const std::string& url,
                                      const std::string& commit,
                                      const GitCredentials& credentials) = 0;
};

}  // namespace ame
