// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/leak.hpp"
#include "core/model/secret_text.hpp"
#include "core/secrets/mask_patterns.hpp"

namespace ame {

/// Looks for secrets in texts, in every form that is masked in output.
class LeakFinder {
 public:
  /// False when it is too short to be looked for.
  bool add(const std::string& key, const SecretText& value);

  /// Everything was added.
  void prepare();

  /// One for each secret that is found, in the order in which they were added.
  [[nodiscard]] std::vector<Leak> find(std::string_view text) const;

  /// The text with every secret in it masked: what is told of a place may itself hold one.
  [[nodiscard]] std::string shown(std::string_view text) const;

 private:
  struct Wanted {
    std::string key;
    std::shared_ptr<const MaskPatterns> patterns;
  };

  SecretForms all_;
  std::shared_ptr<const MaskPatterns> any_;  ///< of all: most texts have none
  std::vector<Wanted> wanted_;
};

}  // namespace ame
