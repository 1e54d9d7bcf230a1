// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace ame {

/// Where things lie in ame's cache directory. All of it can be made again.
///
///     envs/KEY/environment.json   written last: what is there, and in which of the directories beside it
///     envs/KEY/1a2b3c…/           one attempt to make it; never taken up again by another attempt
///     tools/poetry-2.1.4/         likewise, with tool.json
///     locks/NAME.lock             held by who makes NAME
///     plans/KEY.json              what the process that makes KEY reads
///     leases/KEY/…                one for each process that uses KEY, locked by it
///     uv/                         wheels that uv has unpacked, linked into environments
///     pythons.json                what is known of the Pythons of this machine
///     tools.json                  likewise of the managers
class CacheLayout {
 public:
  explicit CacheLayout(std::filesystem::path cache)
      : cache_(std::move(cache)) {}

  [[nodiscard]] std::filesystem::path environments() const { return cache_ / "envs"; }

  [[nodiscard]] std::filesystem::path environment(const std::string& key) const { return environments() / key; }

  [[nodiscard]] std::filesystem::path environment_record(const std::string& key) const {
    return environment(key) / "environment.json";
  }

  [[nodiscard]] std::filesystem::path tool(const std::string& name) const { return cache_ / "tools" / name; }

  [[nodiscard]] std::filesystem::path tool_record(const std::string& name) const { return tool(name) / "tool.json"; }

  [[nodiscard]] std::filesystem::path locks() const { return cache_ / "locks"; }

  [[nodiscard]] std::filesystem::path lock(const std::string& name) const { return locks() / (name + ".lock"); }

  [[nodiscard]] std::filesystem::path plan(const std::string& key) const { return plans() / (key + ".json"); }

  [[nodiscard]] std::filesystem::path plans() const { return cache_ / "plans"; }

  [[nodiscard]] std::filesystem::path leases(const std::string& key) const { return cache_ / "leases" / key; }

  [[nodiscard]] std::filesystem::path wheels() const { return cache_ / "uv"; }

  [[nodiscard]] std::filesystem::path pythons() const { return cache_ / "pythons.json"; }

  [[nodiscard]] std::filesystem::path known_tools() const { return cache_ / "tools.json"; }

 private:
  std::filesystem::path cache_;
};

}  // namespace ame
