// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/secrets/secret_file.hpp"

namespace ame {

namespace {

constexpr const char* path = "/secrets/store";

struct Sample {
  SecretText data_key = random_secret_key();
  SecretText wrapping_key = random_secret_key();
  KeyStanza stanza{.method = UnlockMethod::key_file, .key_id = id_of_key(wrapping_key)};
  SecretContents contents;
  std::string file;

  Sample() {
    wrap_key(stanza, data_key, wrapping_key);
    add("plain", "hunter2");
    add("team/binary", std::string("\x01\xff\xfe\x80\r\n\t", 7));
    add("empty", "");
    file = make_secret_file(contents, {stanza}, data_key);
  }

  void add(const std::string& key, const std::string& value) {
    contents.emplace(key,
                     StoredSecret{.value = SecretText(value),
                                  .created = UtcTime{std::chrono::microseconds{1234567890123456}},
                                  .changed = UtcTime{std::chrono::microseconds{-5}}});
  }

  [[nodiscard]] SecretContents open(const std::string& content) const {
    const SecretFileHeader header = read_secret_header(content, path);
    const auto key = unwrap_key(header.stanzas.front(), wrapping_key);
    return open_secret_file(content, header, key ? *key : wrapping_key, path);
  }
};

std::string message_of(const Sample& sample, const std::string& content) {
  try {
    static_cast<void>(sample.open(content));
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::machine);
    CHECK(error.diagnostics().size() == 1);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a secret file gives back exactly what was put into it") {
  Sample sample;
  std::string large(1 << 20, '\0');
  for (std::size_t index = 0; index < large.size(); ++index) {
    large[index] = static_cast<char>(index * 7 % 255 + 1);
  }
  sample.add("large", large);
  sample.file = make_secret_file(sample.contents, {sample.stanza}, sample.data_key);
  const SecretContents back = sample.open(sample.file);
  REQUIRE(back.size() == 4);
  for (const auto& [key, secret] : sample.contents) {
    CHECK(back.at(key).value.same_as(secret.value));
    CHECK(back.at(key).created == secret.created);
    CHECK(back.at(key).changed == secret.changed);
  }
}

TEST_CASE("a secret file shows neither keys nor values nor how long they are") {
  Sample sample;
  CHECK(sample.file.find("hunter2") == std::string::npos);
  CHECK(sample.file.find("team/binary") == std::string::npos);
  CHECK(sample.file.starts_with("ame-secrets/1\nkey-file " + sample.stanza.key_id + " "));
  const std::size_t before = sample.file.size();
  sample.add("one_more", "a longer value than the others");
  CHECK(make_secret_file(sample.contents, {sample.stanza}, sample.data_key).size() == before);
}

TEST_CASE("the same secrets never make the same file twice") {
  const Sample sample;
  CHECK(make_secret_file(sample.contents, {sample.stanza}, sample.data_key) != sample.file);
}

TEST_CASE("a flipped bit anywhere in a secret file is noticed") {
  const Sample sample;
  std::mt19937 random(3);
  for (std::size_t at = 0; at < sample.file.size(); at += at < 300 ? 1 : 97) {
    std::string changed = sample.file;
    changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1U << random() % 8));
    INFO("byte " << at);
    CHECK(message_of(sample, changed) != "no error");
  }
}

TEST_CASE("a secret file that was cut anywhere is noticed") {
  const Sample sample;
  for (std::size_t size = 0; size < sample.file.size(); size += size < 300 ? 1 : 97) {
    INFO("size " << size);
    CHECK(message_of(sample, sample.file.substr(0, size)) != "no error");
  }
}

TEST_CASE("what is wrong with a secret file is said") {
  const Sample sample;
  const std::string damaged = "the secret file `/secrets/store` is damaged: ";
  CHECK(message_of(sample, "") == damaged + "it is empty");
  CHECK(message_of(sample, sample.file.substr(0, sample.file.size() - 12)) ==
        damaged + "12 of 4112 bytes are missing at its end");
  CHECK(message_of(sample, sample.file + "x") == damaged + "1 byte too many at its end");
  CHECK(message_of(sample, "tasks:\n  - name: a\n") == "`/secrets/store` is no secret file of ame");
  CHECK(message_of(sample, "ame-secrets/9\nanything") ==
        "`/secrets/store` is a secret file of another version: `ame-secrets/9`");
  CHECK(message_of(sample, "ame-secrets/1\n" + std::string(9000, 'x')) == damaged + "its header has no end");
  CHECK(message_of(sample, "ame-secrets/1\nnonsense\n\n") == damaged + "its header cannot be read");
  std::string changed = sample.file;
  changed.back() ^= 1;
  CHECK(message_of(sample, changed) == damaged + "it was changed after ame wrote it");
}

TEST_CASE("a secret file with more ways in than any of ours is refused before any is tried") {
  const Sample sample;
  const std::vector<KeyStanza> many(17, sample.stanza);
  CHECK(message_of(sample, make_secret_file(sample.contents, many, sample.data_key)) ==
        "the secret file `/secrets/store` is damaged: its header cannot be read");
  const std::vector<KeyStanza> sixteen(16, sample.stanza);
  CHECK(message_of(sample, make_secret_file(sample.contents, sixteen, sample.data_key)) == "no error");
}

TEST_CASE("contents that make no sense are refused, though they were encrypted by someone with the key") {
  std::mt19937 random(11);
  const Sample sample;
  const SecretText good = encode_contents(sample.contents);
  for (int round = 0; round < 500; ++round) {
    std::string bytes(good.reveal());
    for (int change = 0; change < 3; ++change) {
      bytes[random() % 200] = static_cast<char>(random());
    }
    try {
      static_cast<void>(decode_contents(bytes, path));
    } catch (const Error& error) {
      CHECK(std::string(error.what()) == "the secret file `/secrets/store` is damaged: what is in it makes no sense");
    }
  }
  CHECK_THROWS_AS(decode_contents("", path), Error);
}

TEST_CASE("secrets larger than a file may be are refused") {
  Sample sample;
  sample.add("huge", std::string(largest_secret_file, 'x'));
  CHECK_THROWS_WITH(make_secret_file(sample.contents, {sample.stanza}, sample.data_key),
                    "the secrets together are larger than the 16 MiB that a secret file may have");
}

}  // namespace ame
