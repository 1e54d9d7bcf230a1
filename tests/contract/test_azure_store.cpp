// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <catch2/catch.hpp>

#include "core/system/azure_object_store.hpp"
#include "core/system/curl_http.hpp"
#include "core/system/system_clock.hpp"
#include "tests/contract/web_store_promises.hpp"
#include "tests/support/azure_server.hpp"
#include "tests/support/failure.hpp"
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

AzureCredentials credentials() {
  return {.account = AzureServer::account, .key = AzureServer::key, .sas = {}};
}

}  // namespace

TEST_CASE("a real Azure Blob server keeps what it is given, and another client reads it") {
  const std::string endpoint = AzureServer::endpoint();
  if (endpoint.empty()) {
    skip_test("Azurite is not on this machine; `ci/azure-server` installs it");
    return;
  }
  static CurlHttp http({});
  const SystemClock clock;
  [[maybe_unused]] static const bool made = (AzureServer::make_container("models"), true);
  AzureObjectStore store(place_at(endpoint), credentials(), http, clock);
  const std::string place = "`" + endpoint + "/models/team/ame`";
  const auto read_by_other = [](const std::string& key) {
    return AzureServer::rclone("models", "cat 'a:models/team/ame/" + key + "'");
  };
  const StoreOnServer server{store, read_by_other};

  SECTION("bytes come back as they went in, whatever they are and whatever their name") {
    check_keeps_bytes(server);
  }

  SECTION("what is there and what is not is told, of few and of many") {
    check_tells_what_is_missing(store);
  }

  SECTION("a large object goes in blocks and comes back whole") {
    check_keeps_large_objects(server);
  }

  SECTION("a large object that was broken off goes on with the blocks that are there") {
    check_goes_on_after_a_break(
        [&](Http& sending) {
          return std::make_unique<AzureObjectStore>(place_at(endpoint), credentials(), sending, clock);
        },
        http);
  }

  SECTION("an object with another content than it should have is not made, and none is fetched") {
    check_refuses_other_content(store);
  }

  SECTION("a shared access signature opens it as the key does, as far as it allows") {
    AzureCredentials shared{
        .account = AzureServer::account, .key = {}, .sas = "?" + AzureServer::signature_for("rwdlac")};
    AzureObjectStore with_signature(place_at(endpoint), shared, http, clock);
    check_keeps_bytes({with_signature, read_by_other});
    shared.sas = AzureServer::signature_for("rl");
    AzureObjectStore for_reading(place_at(endpoint), shared, http, clock);
    CHECK_FALSE(for_reading.get_text("a"));
    const std::string refused = failure_of([&] { for_reading.put_text("a", "b"); });
    CHECK(refused.starts_with(place + " refused `PUT a`: Authorization"));
    CHECK(refused.find("sig=") == std::string::npos);
  }

  SECTION("a wrong key, a key that is none and a container that is not there are told") {
    AzureCredentials guessed = credentials();
    guessed.key = "Z3Vlc3NlZA==";
    AzureObjectStore with_wrong_key(place_at(endpoint), guessed, http, clock);
    const std::string refused = failure_of([&] { with_wrong_key.put_text("a", "b"); });
    CHECK(refused.starts_with(place + " refused `PUT a`: AuthorizationFailure, Server failed to authenticate"));
    CHECK_THAT(refused,
               Catch::EndsWith("hint: the key is another one, or the clock of this machine is wrong: `ame secret add` "
                               "puts in what is right"));
    CHECK(failure_of([&] { (void)with_wrong_key.missing({"a"}); }).find("Auth") != std::string::npos);
    guessed.key = "guessed!";
    CHECK(failure_of([&] { const AzureObjectStore none(place_at(endpoint), guessed, http, clock); }) ==
          "the key of the account `devstoreaccount1` is none: it is not base64\n"
          "hint: Azure shows the two keys of a storage account under `Access keys`");
    WebPlace elsewhere = place_at(endpoint);
    elsewhere.bucket = "nowhere";
    AzureObjectStore without_container(elsewhere, credentials(), http, clock);
    CHECK(failure_of([&] { (void)without_container.list(""); }).find("refused to list it: ContainerNotFound") !=
          std::string::npos);
    CHECK(failure_of([&] { (void)without_container.get_text("a"); }).find("ContainerNotFound") != std::string::npos);
    CHECK(failure_of([&] { (void)without_container.missing({"a"}); }).find("ContainerNotFound") != std::string::npos);
  }
}

}  // namespace ame
