// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "core/model/secret.hpp"
#include "core/secrets/key_stanza.hpp"

namespace ame {

namespace {

constexpr PassphraseCost cheap{.passes = 1, .memory = 8192};

}  // namespace

TEST_CASE("a wrapped key opens with the key it was wrapped with, and with no other") {
  const SecretText data_key = random_secret_key();
  const SecretText wrapping = random_secret_key();
  KeyStanza stanza{.method = UnlockMethod::key_file, .key_id = id_of_key(wrapping)};
  wrap_key(stanza, data_key, wrapping);
  REQUIRE(unwrap_key(stanza, wrapping));
  CHECK(unwrap_key(stanza, wrapping)->same_as(data_key));
  CHECK_FALSE(unwrap_key(stanza, random_secret_key()));
  stanza.key_id = "0000000000000000";
  CHECK_FALSE(unwrap_key(stanza, wrapping));
}

TEST_CASE("the same passphrase makes the same key only with the same salt and cost") {
  const std::string salt(salt_size, 's');
  const SecretText key = key_of_passphrase(SecretText("correct horse"), salt, cheap);
  CHECK(key.same_as(key_of_passphrase(SecretText("correct horse"), salt, cheap)));
  CHECK_FALSE(key.same_as(key_of_passphrase(SecretText("correct house"), salt, cheap)));
  CHECK_FALSE(key.same_as(key_of_passphrase(SecretText("correct horse"), std::string(salt_size, 't'), cheap)));
  CHECK_FALSE(key.same_as(key_of_passphrase(SecretText("correct horse"), salt, {.passes = 2, .memory = 8192})));
}

TEST_CASE("a stanza is read as it was written") {
  const SecretText wrapping = random_secret_key();
  for (const UnlockMethod method : {UnlockMethod::keyring, UnlockMethod::key_file, UnlockMethod::passphrase}) {
    KeyStanza stanza{.method = method};
    if (method == UnlockMethod::passphrase) {
      stanza.cost = cheap;
      stanza.salt = random_bytes(salt_size);
    } else {
      stanza.key_id = id_of_key(wrapping);
    }
    wrap_key(stanza, random_secret_key(), wrapping);
    CHECK(stanza_of_line(line_of_stanza(stanza)) == stanza);
  }
}

TEST_CASE("a line that is no stanza of ours is none") {
  const std::string tail = " " + std::string(32, 'A') + " " + std::string(64, 'A');
  CHECK(stanza_of_line("key-file 0123456789abcdef" + tail));
  CHECK(stanza_of_line("passphrase argon2id 3 268435456 AAAAAAAAAAAAAAAAAAAAAA==" + tail));
  for (const char* beginning : {"",
                                "key-file",
                                "key-file 0123456789ABCDEF",
                                "key-file ../../etc/passwd",
                                "key-file 0123456789abcdef more",
                                "smoke-signal 0123456789abcdef",
                                "passphrase scrypt 3 268435456 AAAAAAAAAAAAAAAAAAAAAA==",
                                "passphrase argon2id 11 268435456 AAAAAAAAAAAAAAAAAAAAAA==",
                                "passphrase argon2id 0 268435456 AAAAAAAAAAAAAAAAAAAAAA==",
                                "passphrase argon2id 3 1073741825 AAAAAAAAAAAAAAAAAAAAAA==",
                                "passphrase argon2id 3 1024 AAAAAAAAAAAAAAAAAAAAAA==",
                                "passphrase argon2id +3 268435456 AAAAAAAAAAAAAAAAAAAAAA==",
                                "passphrase argon2id 3 268435456 AAAA"}) {
    INFO(beginning);
    CHECK_FALSE(stanza_of_line(beginning + tail));
    CHECK_FALSE(stanza_of_line(beginning));
  }
  CHECK_FALSE(stanza_of_line("key-file 0123456789abcdef" + tail.substr(0, tail.size() - 4)));
  CHECK_FALSE(stanza_of_line("key-file 0123456789abcdef" + tail + " more"));
}

TEST_CASE("a key stands in its file as one line") {
  const SecretText key = random_secret_key();
  const SecretText text = text_of_key(key);
  CHECK(text.reveal().starts_with("ame-secret-key/1 "));
  CHECK(text.reveal().ends_with("=\n"));
  REQUIRE(key_of_text(text.reveal()));
  CHECK(key_of_text(text.reveal())->same_as(key));
  CHECK_FALSE(key_of_text("ame-secret-key/1 short\n"));
  CHECK_FALSE(key_of_text(""));
  CHECK_FALSE(key_of_text("-----BEGIN KEY-----\n"));
}

TEST_CASE("the name of a key says nothing but which it is") {
  const SecretText key = random_secret_key();
  CHECK(id_of_key(key) == id_of_key(key));
  CHECK(id_of_key(key) != id_of_key(random_secret_key()));
  CHECK(id_of_key(key).size() == 16);
}

TEST_CASE("names of secrets lead nowhere but into the store") {
  for (const char* good : {"a", "blob_storage_key", "team/db.password", "A-1", "...", "a/.b"}) {
    INFO(good);
    CHECK(is_secret_key(good));
  }
  for (const char* bad :
       {"", "/", "/a", "a/", "a//b", "..", "a/../b", "./a", "a b", "a\nb", "\xc3\xa9", "a\\b", "a:b"}) {
    INFO(bad);
    CHECK_FALSE(is_secret_key(bad));
  }
  CHECK(is_secret_key(std::string(200, 'k')));
  CHECK_FALSE(is_secret_key(std::string(201, 'k')));
}

}  // namespace ame
