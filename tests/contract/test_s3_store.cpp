// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <catch2/catch.hpp>

#include "core/system/curl_http.hpp"
#include "core/system/s3_object_store.hpp"
#include "core/system/system_clock.hpp"
#include "tests/contract/web_store_promises.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/s3_server.hpp"
#include "tests/support/skip.hpp"

namespace ame {
namespace {

WebPlace place_at(const std::string& endpoint) {
  return {.endpoint = endpoint,
          .bucket = "models",
          .prefix = "team/ame",
          .first_pause = std::chrono::milliseconds(1),
          .part_size = 5U << 20U};
}

S3Credentials credentials() {
  return {.access_key = "test:tester", .secret_key = "testing", .session_token = {}, .region = "us-east-1"};
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
  S3ObjectStore store(place_at(endpoint), credentials(), http, clock);
  const std::string place = "`s3://models/team/ame` at " + endpoint;
  const StoreOnServer server{
      store, [](const std::string& key) { return S3Server::rclone("cat 's:models/team/ame/" + key + "'"); }};

  SECTION("bytes come back as they went in, whatever they are and whatever their name") {
    check_keeps_bytes(server);
  }

  SECTION("what is there and what is not is told, of few and of many") {
    check_tells_what_is_missing(store);
  }

  SECTION("a large object goes in parts and comes back whole") {
    check_keeps_large_objects(server);
  }

  SECTION("a large object that was broken off goes on with the parts that are there") {
    check_goes_on_after_a_break(
        [&](Http& sending) {
          return std::make_unique<S3ObjectStore>(place_at(endpoint), credentials(), sending, clock);
        },
        http);
  }

  SECTION("an object with another content than it should have is not made, and none is fetched") {
    check_refuses_other_content(store);
  }

  SECTION("a wrong key, a bucket that is not there and a wrong clock are told apart") {
    S3Credentials guessed = credentials();
    guessed.secret_key = "guessed";
    S3ObjectStore with_wrong_key(place_at(endpoint), guessed, http, clock);
    CHECK(failure_of([&] {
            with_wrong_key.put_text("a", "b");
          }).starts_with(place + " refused `PUT a`: SignatureDoesNotMatch"));
    CHECK_THAT(
        failure_of([&] { with_wrong_key.put_text("a", "b"); }),
        Catch::EndsWith("hint: the access key or its secret is another one: `ame secret add` puts in what is right"));
    CHECK(failure_of([&] { (void)with_wrong_key.missing({"a"}); }).find("SignatureDoesNotMatch") != std::string::npos);
    WebPlace elsewhere = place_at(endpoint);
    elsewhere.bucket = "nowhere";
    S3ObjectStore without_bucket(elsewhere, credentials(), http, clock);
    CHECK(failure_of([&] { (void)without_bucket.list(""); }).find("refused to list it: NoSuchBucket") !=
          std::string::npos);
    CHECK(failure_of([&] { (void)without_bucket.get_text("a"); }).find("NoSuchBucket") != std::string::npos);
    ManualClock yesterday;
    S3ObjectStore with_wrong_clock(place_at(endpoint), credentials(), http, yesterday);
    CHECK(failure_of([&] { with_wrong_clock.put_text("a", "b"); }).find("RequestTimeTooSkewed") != std::string::npos);
  }

  SECTION("nobody there is told after some attempts") {
    S3ObjectStore absent(place_at("http://127.0.0.1:9"), credentials(), http, clock);
    CHECK(failure_of([&] {
            absent.put_text("a", "b");
          }).starts_with("`s3://models/team/ame` at http://127.0.0.1:9 cannot be reached: "));
  }
}

TEST_CASE("a real S3 server whose disk is full refuses what it cannot keep, and the hint says why") {
  if (!S3Server::is_here()) {
    skip_test("Swift is not on this machine");
    return;
  }
  const S3Server full({"--full"});
  full.make_bucket("models");
  CurlHttp http({});
  const SystemClock clock;
  S3ObjectStore store(place_at(full.address()), credentials(), http, clock);
  // Swift's front says no more of it than this.
  CHECK(
      failure_of([&] { store.put_text("a", "b"); }) ==
      store.place() +
          " refused `PUT a`: ServiceUnavailable, Please reduce your request rate.\n"
          "hint: it has too much to do, or its disk is full; what was sent stays there, the next attempt goes on from "
          "it");
  CHECK(store.list("").empty());
}

}  // namespace ame
