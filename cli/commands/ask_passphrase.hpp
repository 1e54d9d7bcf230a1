// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/session.hpp"
#include "core/model/secret_text.hpp"

namespace ame::cli {

/// What a passphrase is wanted for, in the words of the question and of the error.
struct PassphraseWish {
  std::string subject;    ///< "the secret store"
  std::string file;       ///< that holds it; empty: a person is asked
  std::string other_way;  ///< the hint where nobody can be asked
};

/// The first line of the file, or what a person types. Throws Error(machine) when it cannot be had or is empty,
/// Error(interrupted) when the person left.
SecretText ask_passphrase(Session& session, const PassphraseWish& wish);

/// As above; a person types it twice.
SecretText choose_passphrase(Session& session, const PassphraseWish& wish);

}  // namespace ame::cli
