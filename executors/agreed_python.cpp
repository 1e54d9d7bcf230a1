// SPDX-License-Identifier: Apache-2.0
#include "executors/agreed_python.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/model/python_version.hpp"
#include "core/text.hpp"
#include "executors/project_folder.hpp"

namespace ame::executors {
namespace {

PythonRequest stated_at(std::string constraint, const Place& where, std::string_view otherwise) {
  PythonRequest request{.constraint = std::move(constraint), .source = std::string(otherwise), .where = where};
  if (where.source) {
    request.source = fmt::format("{}:{}", where.source->file, where.line);
  }
  return request;
}

Diagnostic about(const PythonRequest& request, std::string message, std::string hint) {
  Diagnostic diagnostic{.message = std::move(message), .hint = std::move(hint)};
  if (request.where.source) {
    diagnostic.where = span_of(request.where);
  }
  return diagnostic;
}

PythonConstraint parsed(const PythonRequest& request) {
  if (request.constraint == "3.1") {  // what is left of an unquoted 3.10 in many a YAML reader
    throw Error(ExitCode::bad_project,
                about(request, "there is no Python `3.1` to be had", "did you mean `\"3.10\"`?"));
  }
  const auto result = PythonConstraint::parse(request.constraint);
  if (const auto* mistake = std::get_if<PythonConstraintMistake>(&result)) {
    throw Error(ExitCode::bad_project, about(request, mistake->message, mistake->hint));
  }
  return std::get<PythonConstraint>(result);
}

Error contradiction(const PythonRequest& one, const PythonRequest& other) {
  Diagnostic diagnostic =
      about(one,
            fmt::format(
                "no Python can be `{}` ({}) and `{}` ({})", one.constraint, one.source, other.constraint, other.source),
            "change one of the two");
  if (other.where.source) {
    diagnostic.related.push_back(
        {.message = fmt::format("`{}` is wanted here", other.constraint), .where = span_of(other.where)});
  }
  return {ExitCode::bad_project, std::move(diagnostic)};
}

}  // namespace

PythonRequest python_of_task(const Step& step) {
  const Executor& executor = executor_of(step);
  return stated_at(executor.python_version, executor.python_version_where, "pythonVersion");
}

PythonRequest python_of_file(const Document& document, const Node* node) {
  if (node == nullptr || node->kind != NodeKind::scalar) {
    return {};
  }
  return stated_at(std::string(node->scalar), document.place_of(*node), document.source()->file);
}

PythonRequest pinned_python(const ProjectFolder& folder) {
  const auto source = folder.has(".python-version") ? folder.read(".python-version") : nullptr;
  for (int line = 1; source && line_of(source->text, line) != ""; ++line) {
    const std::string text = line_of(source->text, line);
    const std::size_t begin = text.find_first_of("0123456789");
    if (begin != std::string::npos && !text.starts_with('#') && !text.starts_with("pypy")) {
      return {.constraint = text.substr(begin, text.find_first_not_of("0123456789.", begin) - begin),
              .source = source->file,
              .where = {.source = source, .line = line, .column = 1}};
    }
  }
  return {};
}

PythonRequest or_else(const PythonRequest& request, const PythonRequest& otherwise) {
  return request.constraint.empty() ? otherwise : request;
}

PythonRequest agreed_python(const std::vector<PythonRequest>& stated) {
  PythonConstraint agreed;
  PythonRequest result;
  for (const PythonRequest& request : stated) {
    if (request.constraint.empty()) {
      continue;
    }
    const PythonConstraint wanted = parsed(request);
    const PythonConstraint both = agreed.both(wanted);
    if (both.is_empty()) {
      throw contradiction(result.constraint.empty() ? request : result, request);
    }
    if (both == agreed && !result.constraint.empty()) {
      continue;  // an earlier one says it all
    }
    if (both == wanted) {
      result = request;
    } else {
      result.constraint = both.text();
      result.source += fmt::format(" and {}", request.source);
    }
    agreed = both;
  }
  return result;
}

}  // namespace ame::executors
