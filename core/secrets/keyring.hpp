// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/secret_text.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// The keyring of the user's session (Secret Service), reached through `secret-tool`. A keyring that asks a person who
/// is not there would never answer: each call may take three seconds.
class Keyring {
 public:
  struct Ports {
    ProcessRunner& processes;
    FileSystem& files;
    const Clock& clock;
  };

  struct Settings {
    std::map<std::string, std::string> environment;  ///< of ame
    /// 0700, backed by memory: what is stored passes through it. Asked for when something is stored.
    std::function<std::filesystem::path()> memory_directory;
  };

  Keyring(Ports ports, Settings settings);

  /// Whether there can be one: a session bus is named. Starts nothing.
  [[nodiscard]] bool has_session() const;

  /// Throws Error(machine) when there is none of that id, or the keyring does not answer.
  [[nodiscard]] SecretText find(std::string_view key_id);

  /// Why it could not be stored; none: it is.
  std::optional<std::string> store(std::string_view key_id, const SecretText& key);

  void remove(std::string_view key_id);

 private:
  struct Answer {
    SecretBuffer output;
    std::string problem;  ///< empty: it went well
  };

  Answer run(std::vector<std::string> argv);

  Ports ports_;
  Settings settings_;
};

}  // namespace ame
