// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/s3_object_store.hpp"
#include "core/system/sha256.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/files.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

/// What comes of one request: pieces of a body for who takes them, then the result.
struct Scene {
  HttpResult result;
  std::vector<std::string> pieces = {};
};

/// A server that answers as the test says, one request after the other.
class ScriptedHttp final : public Http {
 public:
  ScriptedHttp& then(Scene scene) {
    scenes_.push_back(std::move(scene));
    return *this;
  }

  HttpResult send(const HttpRequest& request) override {
    const std::scoped_lock guard(mutex_);
    asked.push_back(request.method + " " + request.url.substr(request.url.find('/', 8)));
    if (scenes_.empty()) {
      throw std::logic_error("nothing more was expected to be asked");
    }
    Scene scene = std::move(scenes_.front());
    scenes_.pop_front();
    for (const std::string& piece : scene.pieces) {
      request.download(piece);
    }
    return std::move(scene.result);
  }

  std::vector<std::string> asked;

 private:
  std::mutex mutex_;
  std::deque<Scene> scenes_;
};

HttpResponse status(int number, std::string body = {}, std::vector<HttpHeader> headers = {}) {
  return {.status = number, .headers = std::move(headers), .body = std::move(body)};
}

HttpFailure broken() {
  return {.fault = HttpFault::broken, .reason = "the connection ended in the middle"};
}

std::string code(const std::string& name) {
  return "<Error><Code>" + name + "</Code><Message>no</Message></Error>";
}

S3Settings settings() {
  return {.endpoint = "https://s3.example.org",
          .bucket = "b",
          .prefix = {},
          .credentials = {.access_key = "k", .secret_key = "s", .session_token = {}, .region = "r"},
          .ca_file = {},
          .first_pause = std::chrono::milliseconds(0)};
}

struct World {
  ScriptedHttp http;
  ManualClock clock;
  TemporaryDirectory directory;
  S3ObjectStore store{settings(), http, clock};
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

TEST_CASE("parts of a large object that fail are taken back") {
  World world;
  S3Settings in_parts = settings();
  in_parts.part_size = 4;
  S3ObjectStore store(in_parts, world.http, world.clock);
  const std::vector<Upload> uploads = {{.key = "a",
                                        .file = written(world.directory / "large", "123456789"),
                                        .size = 9,
                                        .sha256 = sha256_text("123456789")}};
  world.http.then({status(200, "<R><UploadId>7</UploadId></R>")});
  for (int part = 0; part < 3; ++part) {
    world.http.then({status(403, code("AccessDenied"))});
  }
  world.http.then({status(204)});
  CHECK(failure_of([&] { store.put(uploads, [](std::uint64_t) {}); }).find("AccessDenied") != std::string::npos);
  CHECK(world.http.asked.front() == "POST /b/a?uploads=");
  CHECK(world.http.asked.back() == "DELETE /b/a?uploadId=7");
}

}  // namespace ame
