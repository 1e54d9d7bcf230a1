// SPDX-License-Identifier: Apache-2.0
#include <cerrno>

#include <catch2/catch.hpp>

#include "core/error.hpp"

namespace ame {

TEST_CASE("an error speaks with its first message and keeps all") {
  const Error error(ExitCode::bad_project, std::vector<Diagnostic>{{.message = "one"}, {.message = "two"}});
  CHECK(error.what() == std::string("one"));
  CHECK(error.code() == ExitCode::bad_project);
  CHECK(error.diagnostics().size() == 2);
}

TEST_CASE("one diagnostic is enough for an error") {
  const Error error(ExitCode::usage, Diagnostic{.message = "one", .hint = "two"});
  CHECK(error.diagnostics() == std::vector<Diagnostic>{{.message = "one", .hint = "two"}});
}

TEST_CASE("the system's reason follows the message") {
  CHECK(with_errno("cannot read `x`", ENOENT) == "cannot read `x`: No such file or directory");
}

}  // namespace ame
