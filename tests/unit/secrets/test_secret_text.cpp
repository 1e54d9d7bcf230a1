// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include <catch2/catch.hpp>

#include "core/model/secret_text.hpp"

namespace ame {

static_assert(!std::is_copy_constructible_v<SecretText> && !std::is_copy_assignable_v<SecretText>);
static_assert(!std::is_convertible_v<SecretText, std::string_view> && !std::is_convertible_v<std::string, SecretText>);
static_assert(!std::equality_comparable<SecretText>);

TEST_CASE("a secret gives its bytes only when asked, with a NUL behind them") {
  const SecretText text("line one\nline two");
  CHECK(text.reveal() == "line one\nline two");
  CHECK(text.reveal().data()[text.size()] == '\0');
  CHECK(SecretText().reveal().empty());
  CHECK(SecretText("").reveal().data()[0] == '\0');
}

TEST_CASE("a secret that was moved from is empty") {
  SecretText text("value");
  const SecretText other = std::move(text);
  CHECK(other.reveal() == "value");
  CHECK(text.empty());  // NOLINT(bugprone-use-after-move)
  CHECK(text.reveal().empty());
}

TEST_CASE("secrets are compared by their bytes") {
  CHECK(SecretText("same").same_as(SecretText("same")));
  CHECK_FALSE(SecretText("same").same_as(SecretText("sane")));
  CHECK_FALSE(SecretText("same").same_as(SecretText("same ")));
  CHECK(SecretText().same_as(SecretText("")));
}

TEST_CASE("a buffer collects a secret piece by piece") {
  SecretBuffer buffer;
  std::string expected;
  for (int piece = 0; piece < 5000; ++piece) {
    buffer.append("ab");
    buffer.push_back('c');
    expected += "abc";
  }
  CHECK(buffer.reveal() == expected);
  buffer.shrink(4);
  CHECK(buffer.reveal() == "abca");
  CHECK(buffer.take().reveal() == "abca");
  CHECK(buffer.size() == 0);
  buffer.append("new");
  CHECK(buffer.take().reveal() == "new");
}

TEST_CASE("a text that is wiped leaves nothing where it was") {
  std::string text = "a value long enough to lie on the heap, far beyond the small string";
  const char* bytes = text.data();
  const std::size_t size = text.size();
  wipe(text);
  CHECK(text.empty());
  CHECK(std::string(bytes, size) == std::string(size, '\0'));
}

}  // namespace ame
