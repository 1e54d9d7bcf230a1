// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/error.hpp"
#include "core/model/secret.hpp"
#include "core/ports/secret_store.hpp"

namespace ame::cli {

/// A stored secret and who wants it. Never its value.
struct SecretRow {
  SecretListing listing;
  std::vector<std::string> tasks;  ///< of the project at hand
};

std::string secret_table(const std::vector<SecretRow>& rows, const Painter& paint);

/// {"secrets": [{"key": …, "created": …, "changed": …, "tasks": […]}]}
std::string secrets_json(const std::vector<SecretRow>& rows);

/// A secret that a task asks for.
struct CheckedSecret {
  std::string task;
  SecretReference reference;
  std::vector<Diagnostic> problems;
};

/// "ame", "vault", "env", "file" or "command".
std::string_view word_of(SecretSource source);

std::string checked_secrets_table(const std::vector<CheckedSecret>& secrets, const Painter& paint);

/// {"complete": …, "secrets": [{"task": …, "source": …, "vault": …, "key": …, "found": …, "problems": […]}]}
std::string checked_secrets_json(const std::vector<CheckedSecret>& secrets);

}  // namespace ame::cli
