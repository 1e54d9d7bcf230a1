// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/error.hpp"

namespace ame {

/// What the first mistake says that a call throws, and its hint; "no error" where it throws none.
template <class Call>
std::string failure_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    const Diagnostic& first = error.diagnostics().front();
    return first.message + (first.hint.empty() ? "" : "\nhint: " + first.hint);
  }
  return "no error";
}

}  // namespace ame
