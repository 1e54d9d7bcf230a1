// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/model/secret.hpp"
#include "core/model/secret_text.hpp"

namespace ame {

struct SecretField {
  std::string name;  ///< empty: the secret as a whole
  SecretText value;
};

/// There is no such secret, or it may not be had. Never says anything of a value.
struct SecretAbsent {
  std::string reason;  ///< ends the sentence "task `t` needs the secret `k`, …"
  std::string hint;

  bool operator==(const SecretAbsent&) const = default;
};

/// A structured secret has all its fields, with names; any other has one without.
using SecretAnswer = std::variant<std::vector<SecretField>, SecretAbsent>;

/// A place that secrets come from.
class SecretProvider {
 public:
  virtual ~SecretProvider() = default;

  /// Throws Error(machine) when the place itself cannot be used: nothing of it can be had then.
  virtual SecretAnswer fetch(const SecretReference& reference) = 0;
};

}  // namespace ame
