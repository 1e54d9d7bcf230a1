// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/model/secret_text.hpp"
#include "core/secrets/key_stanza.hpp"

namespace ame {

/// A key that was just made and put where its method keeps it, with the stanza that will find it again.
struct NewKey {
  SecretText key;
  KeyStanza stanza;  ///< its wrapped key is still to be filled in
};

/// Where the keys of secret files are kept.
class SecretKeys {
 public:
  virtual ~SecretKeys() = default;

  /// The key that the stanza is wrapped with. Throws Error(machine) saying why it cannot be had.
  [[nodiscard]] virtual SecretText find(const KeyStanza& stanza) = 0;

  virtual NewKey make(UnlockMethod method) = 0;

  /// Removes a key that opens nothing any more.
  virtual void forget(const KeyStanza& stanza) = 0;

  /// For a store that is made now.
  [[nodiscard]] virtual UnlockMethod preferred() = 0;

  /// Where the key of the stanza is: "the key file `/…`". For messages.
  [[nodiscard]] virtual std::string place_of(const KeyStanza& stanza) const = 0;
};

}  // namespace ame
