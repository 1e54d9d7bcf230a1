// SPDX-License-Identifier: Apache-2.0
#include "core/model/vault.hpp"

namespace ame {

std::string_view word_of(VaultAuth method) {
  switch (method) {
    case VaultAuth::approle:
      return "approle";
    case VaultAuth::kubernetes:
      return "kubernetes";
    case VaultAuth::jwt:
      return "jwt";
    case VaultAuth::token:
      break;
  }
  return "token";
}

}  // namespace ame
