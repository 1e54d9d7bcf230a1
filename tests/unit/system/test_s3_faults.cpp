// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/s3_object_store.hpp"
#include "core/system/sha256.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/files.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

std::string code(const std::string& name) {
  return "<Error><Code>" + name + "</Code><Message>no</Message></Error>";
}

WebPlace place_in_script() {
  return {.endpoint = "https://s3.example.org",
          .bucket = "b",
          .prefix = {},
          .first_pause = std::chrono::milliseconds(0),
          .part_size = 4};
}

S3Credentials credentials() {
  return {.access_key = "k", .secret_key = "s", .session_token = {}, .region = "r"};
}

struct World {
  ScriptedHttp http;
  ManualClock clock;
  TemporaryDirectory directory;
  S3ObjectStore store{place_in_script(), credentials(), http, clock};
  std::string place = "`s3://b` at https://s3.example.org";
};

}  // namespace

TEST_CASE("what breaks off or is refused for the moment is sent again") {
  World world;
  world.http.then({broken()}).then({status(503)}).then({status(429)}).then({status(200)});
  world.store.put_text("a", "x");
  CHECK(world.http.asked == std::vector<std::string>(4, "PUT /b/a"));
}

TEST_CASE("what is refused for good is not sent again") {
  World world;
  world.http.then({status(403, code("AccessDenied"))});
  CHECK(failure_of([&] { world.store.put_text("a", "x"); }) ==
        world.place + " refused `PUT a`: AccessDenied, no\nhint: the key is known, but may not do that here");
  CHECK(world.http.asked.size() == 1);
}

TEST_CASE("a server that stays away is told after some attempts") {
  World world;
  for (int attempt = 0; attempt < 5; ++attempt) {
    world.http.then({broken()});
  }
  CHECK(failure_of([&] { world.store.put_text("a", "x"); }) ==
        world.place +
            " cannot be reached: the connection ended in the middle\n"
            "hint: what was sent already stays there; the next attempt goes on from it");
  World ill;
  for (int attempt = 0; attempt < 5; ++attempt) {
    ill.http.then({status(500)});
  }
  CHECK(failure_of([&] { ill.store.put_text("a", "x"); }) == ill.place + " refused `PUT a`: status 500");
}

TEST_CASE("a file that breaks off on its way begins anew, and appears whole or not at all") {
  World world;
  const std::vector<Download> downloads = {
      {.key = "a", .file = world.directory / "out/a", .sha256 = sha256_text("whole")}};
  const auto nothing = [](std::uint64_t /*bytes*/) {};
  world.http.then({broken(), {"wh"}}).then({status(200), {"who", "le"}});
  world.store.get(downloads, nothing);
  CHECK(content_of(world.directory / "out/a") == "whole");

  std::filesystem::remove(world.directory / "out/a");
  world.http.then({status(200), {"who"}});
  CHECK(failure_of([&] { world.store.get(downloads, nothing); }).find("is damaged") != std::string::npos);
  CHECK(std::filesystem::is_empty(world.directory / "out"));
}

TEST_CASE("a place that cannot be written to is told before anything is asked for") {
  World world;
  const std::vector<Download> downloads = {{.key = "a", .file = "/dev/full/a", .sha256 = {}}};
  const std::string failure = failure_of([&] { world.store.get(downloads, [](std::uint64_t) {}); });
  CHECK(failure.find("/dev/full/a") != std::string::npos);
  CHECK(world.http.asked.empty());
}

TEST_CASE("the pause that a server asks for is the one that is made") {
  World world;
  WebPlace patient = place_in_script();
  patient.first_pause = std::chrono::hours(1);
  S3ObjectStore store(patient, credentials(), world.http, world.clock);
  world.http.then({status(503, {}, {{"retry-after", "0"}})}).then({status(429, {}, {{"retry-after", "0"}})});
  world.http.then({status(200)});
  store.put_text("a", "x");
  CHECK(world.http.asked.size() == 3);
}

namespace {

/// An object of three parts.
Upload large_object(const World& world) {
  return {.key = "a",
          .file = written(world.directory / "large", "123456789"),
          .size = 9,
          .sha256 = sha256_text("123456789")};
}

std::string put_large(World& world) {
  const std::vector<Upload> uploads = {large_object(world)};
  return failure_of([&] { world.store.put(uploads, [](std::uint64_t) {}); });
}

const char* const begun_before =
    "<ListMultipartUploadsResult><Upload><Key>ab</Key><UploadId>6</UploadId></Upload>"
    "<Upload><Key>a</Key><UploadId>7</UploadId></Upload></ListMultipartUploadsResult>";

std::string part(int number, const std::string& tag, int size) {
  return "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>&quot;" + tag + "&quot;</ETag><Size>" +
         std::to_string(size) + "</Size></Part>";
}

}  // namespace

TEST_CASE("parts of a large object that are refused are taken back") {
  World world;
  world.http.then({status(200)}).then({status(200, "<R><UploadId>7</UploadId></R>")});
  for (int number = 0; number < 3; ++number) {
    world.http.then({status(403, code("AccessDenied"))});
  }
  world.http.then({status(204)});
  CHECK(put_large(world).find("AccessDenied") != std::string::npos);
  CHECK(world.http.asked.at(0) == "GET /b?prefix=a&uploads=");
  CHECK(world.http.asked.at(1) == "POST /b/a?uploads=");
  CHECK(world.http.asked.back() == "DELETE /b/a?uploadId=7");
}

TEST_CASE("parts of a large object stay when the server goes away") {
  World world;
  world.http.then({status(200)}).then({status(200, "<R><UploadId>7</UploadId></R>")});
  for (int attempt = 0; attempt < 15; ++attempt) {
    world.http.then({broken()});
  }
  CHECK(put_large(world).find("cannot be reached") != std::string::npos);
  CHECK(world.http.asked.back().starts_with("PUT /b/a?partNumber="));
}

TEST_CASE("a large object that was broken off goes on with the parts that are there") {
  World world;
  // The second is of other content, the third is cut off.
  const std::string there = "<ListPartsResult>" + part(1, "81dc9bdb52d04dc20036dbd8313ed055", 4) +
                            part(2, "81dc9bdb52d04dc20036dbd8313ed055", 4) +
                            part(3, "81dc9bdb52d04dc20036dbd8313ed055", 0) + "</ListPartsResult>";
  world.http.then({status(200, begun_before)}).then({status(200, there)});
  world.http.then({status(200, {}, {{"etag", "\"x\""}})}).then({status(200, {}, {{"etag", "\"x\""}})});
  world.http.then({status(200)});
  CHECK(put_large(world) == "no error");
  CHECK(world.http.asked.at(1) == "GET /b/a?uploadId=7");
  CHECK(world.http.asked.at(2).starts_with("PUT /b/a?partNumber="));
  CHECK(world.http.asked.at(3).starts_with("PUT /b/a?partNumber="));
  CHECK(world.http.asked.at(4) == "POST /b/a?uploadId=7");
  CHECK(world.http.asked.size() == 5);
}

TEST_CASE("an object has no more parts than a server takes") {
  World world;
  const std::string content(40'001, 'x');
  const std::vector<Upload> uploads = {
      {.key = "a", .file = written(world.directory / "large", content), .size = content.size(), .sha256 = {}}};
  world.http.then({status(200, "<R><UploadId>7</UploadId></R>")});
  for (int number = 0; number < 8001; ++number) {
    world.http.then({status(200, {}, {{"etag", "\"x\""}})});
  }
  world.http.then({status(200)});
  world.store.put(uploads, [](std::uint64_t) {});
  CHECK(world.http.asked.size() == 8003);  // of five bytes each, and not of four
  CHECK(world.http.asked.back() == "POST /b/a?uploadId=7");
}

TEST_CASE("parts that another machine joined meanwhile are as good") {
  World world;
  world.http.then({status(200, begun_before)}).then({status(200)});
  for (int number = 0; number < 3; ++number) {
    world.http.then({status(200, {}, {{"etag", "\"x\""}})});
  }
  world.http.then({status(404, code("NoSuchUpload"))}).then({status(200)});
  CHECK(put_large(world) == "no error");
  CHECK(world.http.asked.back() == "HEAD /b/a");
}

}  // namespace ame
