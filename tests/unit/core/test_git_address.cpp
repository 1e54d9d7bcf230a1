// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/git_address.hpp"

namespace ame {

TEST_CASE("an address is shown without its password") {
  CHECK(shown_git_address("https://me:s3cret@git.example.org:8443/a/b.git") ==
        "https://me:@git.example.org:8443/a/b.git");
  CHECK(shown_git_address("https://git.example.org:8443/a@b.git") == "https://git.example.org:8443/a@b.git");
  CHECK(shown_git_address("git@git.example.org:a/b.git") == "git@git.example.org:a/b.git");
  CHECK(password_in_address("https://me:a@b@git.example.org/x") == "a@b");
}

TEST_CASE("what goes to another machine by plain http can be read on the way") {
  CHECK(is_read_on_the_way("http://git.example.org/a.git"));
  CHECK(is_read_on_the_way("http://me@localhost.example.org/a.git"));
  CHECK_FALSE(is_read_on_the_way("https://git.example.org/a.git"));
  CHECK_FALSE(is_read_on_the_way("ssh://git.example.org/a.git"));
  CHECK_FALSE(is_read_on_the_way("http://localhost:8080/a.git"));
  CHECK_FALSE(is_read_on_the_way("http://me:x@127.0.0.1/a.git"));
  CHECK_FALSE(is_read_on_the_way("http://[::1]:80/a.git"));
}

}  // namespace ame
