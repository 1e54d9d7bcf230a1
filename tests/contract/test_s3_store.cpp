// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/curl_http.hpp"
#include "core/system/s3_object_store.hpp"
#include "core/system/sha256.hpp"
#include "core/system/system_clock.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/files.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/s3_server.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

namespace fs = std::filesystem;

void no_progress(std::uint64_t /*bytes*/) {}

S3Settings settings_of(const std::string& endpoint) {
  return {
      .endpoint = endpoint,
      .bucket = "models",
      .prefix = "team/ame",
      .credentials = {.access_key = "test:tester", .secret_key = "testing", .session_token = {}, .region = "us-east-1"},
      .ca_file = {},
      .first_pause = std::chrono::milliseconds(1),
      .part_size = 5U << 20};
}

std::string bytes(std::size_t size) {
  std::string text(size, 'a');
  for (std::size_t index = 0; index < size; ++index) {
    text[index] = static_cast<char>(index * 2654435761U >> 13U);
  }
  return text;
}

}  // namespace

TEST_CASE("a real S3 server keeps what it is given, and another client reads it") {
  const std::string endpoint = S3Server::endpoint();
  if (endpoint.empty()) {
    skip_test("Swift is not on this machine");
    return;
  }
  static CurlHttp http({});
  const SystemClock clock;
  static const std::string made = S3Server::rclone("mkdir s:models");
  S3ObjectStore store(settings_of(endpoint), http, clock);
  const std::string place = "`s3://models/team/ame` at " + endpoint;
  const TemporaryDirectory directory;

  SECTION("bytes come back as they went in, whatever they are and whatever their name") {
    const std::vector<std::string> keys = {"a", "deep/down/b", "with space/\xC3\xA9+&=%", "-rf", "empty"};
    std::vector<Upload> uploads;
    std::vector<Download> downloads;
    for (const std::string& key : keys) {
      const std::string text = key == "empty" ? "" : std::string("\0\xFF\n", 3) + key;
      uploads.push_back({.key = key,
                         .file = written(directory / "in" / key, text),
                         .size = text.size(),
                         .sha256 = sha256_text(text)});
      downloads.push_back({.key = key, .file = directory / "out" / key, .sha256 = sha256_text(text)});
    }
    store.put(uploads, no_progress);
    store.get(downloads, no_progress);
    for (const Upload& upload : uploads) {
      CHECK(content_of(directory / "out" / upload.key) == content_of(upload.file));
    }
    CHECK(S3Server::rclone("cat 's:models/team/ame/with space/\xC3\xA9+&=%'") == content_of(uploads[2].file));
    CHECK(store.list("") == std::vector<std::string>{"-rf", "a", "deep/down/b", "empty", "with space/\xC3\xA9+&=%"});
    CHECK(store.list("deep/") == std::vector<std::string>{"deep/down/b"});
    store.remove(keys);
    store.remove({"gone"});
    CHECK(store.list("").empty());
  }

  SECTION("what is there and what is not is told, of few and of many") {
    std::vector<std::string> keys;
    for (int index = 0; index < 40; ++index) {
      keys.push_back("objects/" + std::to_string(index));
    }
    store.put_text("objects/7", "x");
    store.put_text("objects/39", "x");
    CHECK(store.missing({"objects/7", "objects/8"}) == std::vector<std::string>{"objects/8"});
    CHECK(store.missing(keys).size() == 38);
    keys.emplace_back("elsewhere");
    store.put_text("elsewhere", "x");
    CHECK(store.missing(keys).size() == 38);
    store.remove({"elsewhere"});
    CHECK(store.get_text("objects/7") == "x");
    CHECK_FALSE(store.get_text("objects/8"));
    store.remove({"objects/7", "objects/39"});
  }

  SECTION("a large object goes in parts and comes back whole") {
    const std::string large = bytes((11U << 20U) + 7);
    const std::vector<Upload> uploads = {{.key = "large",
                                          .file = written(directory / "large", large),
                                          .size = large.size(),
                                          .sha256 = sha256_text(large)}};
    store.put(uploads, no_progress);
    const std::vector<Download> downloads = {
        {.key = "large", .file = directory / "back", .mode = FileMode::executable, .sha256 = sha256_text(large)}};
    store.get(downloads, no_progress);
    CHECK(content_of(directory / "back") == large);
    CHECK(fs::status(directory / "back").permissions() == fs::perms(0755));
    S3Server::rclone("copyto s:models/team/ame/large '" + (directory / "by-rclone").string() + "'");
    CHECK(sha256_text(content_of(directory / "by-rclone")) == sha256_text(large));
  }

  SECTION("an object with another content than it should have is not made, and none is fetched") {
    const std::vector<Upload> uploads = {
        {.key = "wrong", .file = written(directory / "f", "1"), .size = 1, .sha256 = std::string(64, '0')}};
    CHECK_THROWS_AS(store.put(uploads, no_progress), Error);
    CHECK_FALSE(store.get_text("wrong"));
    store.put_text("changed", "2");
    const std::vector<Download> downloads = {
        {.key = "changed", .file = directory / "out/f", .sha256 = std::string(64, '0')}};
    CHECK(failure_of([&] { store.get(downloads, no_progress); }) ==
          "`changed` in " + place +
              " is damaged: its content is not what its name says\n"
              "hint: the store was changed by somebody else; what made the file has to run again");
    CHECK_FALSE(fs::exists(directory / "out/f"));
    CHECK(fs::is_empty(directory / "out"));
  }

  SECTION("a wrong key, a bucket that is not there and a wrong clock are told apart") {
    S3Settings wrong = settings_of(endpoint);
    wrong.credentials.secret_key = "guessed";
    S3ObjectStore with_wrong_key(wrong, http, clock);
    CHECK(failure_of([&] {
            with_wrong_key.put_text("a", "b");
          }).starts_with(place + " refused `PUT a`: SignatureDoesNotMatch"));
    CHECK_THAT(
        failure_of([&] { with_wrong_key.put_text("a", "b"); }),
        Catch::EndsWith("hint: the access key or its secret is another one: `ame secret add` puts in what is right"));
    CHECK(failure_of([&] { (void)with_wrong_key.missing({"a"}); }).find("SignatureDoesNotMatch") != std::string::npos);
    S3Settings elsewhere = settings_of(endpoint);
    elsewhere.bucket = "nowhere";
    S3ObjectStore without_bucket(elsewhere, http, clock);
    CHECK(failure_of([&] { (void)without_bucket.list(""); }).find("refused to list it: NoSuchBucket") !=
          std::string::npos);
    CHECK(failure_of([&] { (void)without_bucket.get_text("a"); }).find("NoSuchBucket") != std::string::npos);
    ManualClock yesterday;
    S3ObjectStore with_wrong_clock(settings_of(endpoint), http, yesterday);
    CHECK(failure_of([&] { with_wrong_clock.put_text("a", "b"); }).find("RequestTimeTooSkewed") != std::string::npos);
  }

  SECTION("nobody there is told after some attempts") {
    S3ObjectStore absent(settings_of("http://127.0.0.1:9"), http, clock);
    CHECK(failure_of([&] {
            absent.put_text("a", "b");
          }).starts_with("`s3://models/team/ame` at http://127.0.0.1:9 cannot be reached: "));
  }
}

}  // namespace ame
