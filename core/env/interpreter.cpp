// SPDX-License-Identifier: Apache-2.0
#include "core/env/interpreter.hpp"

#include <tuple>

namespace ame {
namespace {

bool is_better(const Interpreter& one, const Interpreter& other) {
  return std::tie(one.is_release, one.makes_venvs, one.version) >
         std::tie(other.is_release, other.makes_venvs, other.version);
}

}  // namespace

const Interpreter* choose_interpreter(const std::vector<Interpreter>& interpreters, const PythonConstraint& wanted) {
  const Interpreter* best = nullptr;
  for (const Interpreter& interpreter : interpreters) {
    if (wanted.allows(interpreter.version) && (best == nullptr || is_better(interpreter, *best))) {
      best = &interpreter;
    }
  }
  return best;
}

PythonConstraint constraint_of(const PythonRequest& request) {
  const auto parsed = PythonConstraint::parse(request.constraint);
  if (const auto* const mistake = std::get_if<PythonConstraintMistake>(&parsed)) {
    throw Error(ExitCode::bad_project, Diagnostic{.message = mistake->message, .hint = mistake->hint});
  }
  return std::get<PythonConstraint>(parsed);
}

}  // namespace ame
