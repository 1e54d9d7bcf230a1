// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>
#include <git2.h>

TEST_CASE("libgit2 answers though the program is not linked with it") {
  REQUIRE(git_libgit2_init() == 1);
  const std::string hex = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
  git_oid id{};
  CHECK(git_oid_fromstr(&id, hex.c_str()) == 0);
  std::string text(GIT_OID_HEXSZ, '0');
  git_oid_fmt(text.data(), &id);
  CHECK(text == hex);

  git_repository* none = nullptr;
  CHECK(git_repository_open_ext(&none, "/proc/self", GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0);
  CHECK(git_error_last() != nullptr);
  CHECK(git_libgit2_shutdown() == 0);
}
