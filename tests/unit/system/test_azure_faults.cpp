// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/system/azure_object_store.hpp"
#include "core/system/sha256.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/files.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

struct World {
  ScriptedHttp http;
  ManualClock clock;
  TemporaryDirectory directory;
  AzureObjectStore store{{.endpoint = "https://lab.blob.core.windows.net",
                          .bucket = "c",
                          .prefix = {},
                          .first_pause = std::chrono::milliseconds(0),
                          .part_size = 4},
                         {.account = "lab", .key = "a2V5", .sas = {}},
                         http,
                         clock};

  std::string put_large() {
    const std::vector<Upload> uploads = {
        {.key = "a", .file = written(directory / "large", "123456789"), .size = 9, .sha256 = sha256_text("123456789")}};
    return failure_of([&] { store.put(uploads, [](std::uint64_t) {}); });
  }
};

}  // namespace

TEST_CASE("blocks of an earlier attempt are not sent again") {
  World world;
  // "000000-" and the MD5 of "1234"; the block after it is of other content.
  world.http.then({status(200,
                          "<BlockList><UncommittedBlocks><Block>"
                          "<Name>MDAwMDAwLTgxZGM5YmRiNTJkMDRkYzIwMDM2ZGJkODMxM2VkMDU1</Name><Size>4</Size></Block>"
                          "<Block><Name>MDAwMDAxLTgxZGM5YmRiNTJkMDRkYzIwMDM2ZGJkODMxM2VkMDU1</Name><Size>4</Size>"
                          "</Block></UncommittedBlocks></BlockList>")});
  world.http.then({status(201)}).then({status(201)}).then({status(201)});
  CHECK(world.put_large() == "no error");
  CHECK(world.http.asked.at(0) == "GET /c/a?blocklisttype=uncommitted&comp=blocklist");
  CHECK(world.http.asked.at(1).starts_with("PUT /c/a?blockid=MDAwMDA"));
  CHECK(world.http.asked.at(2).starts_with("PUT /c/a?blockid=MDAwMDA"));
  CHECK(world.http.asked.at(3) == "PUT /c/a?comp=blocklist");
  CHECK(world.http.asked.size() == 4);
}

TEST_CASE("an object of which a block is refused is not made") {
  World world;
  world.http.then({status(404)});
  for (int number = 0; number < 3; ++number) {
    world.http.then({status(403, {}, {{"x-ms-error-code", "AuthorizationPermissionMismatch"}})});
  }
  const std::string failure = world.put_large();
  CHECK(failure.starts_with("`https://lab.blob.core.windows.net/c` refused `PUT a`: AuthorizationPermissionMismatch"));
  CHECK(failure.ends_with("hint: who asks is known, but may not do that here"));
  CHECK(world.http.asked.back() != "PUT /c/a?comp=blocklist");
}

TEST_CASE("a wrong clock is told as Azure tells it") {
  World world;
  world.http.then({status(403,
                          "<Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request."
                          "\nRequestId:1\nTime:2</Message></Error>",
                          {{"x-ms-error-code", "AuthenticationFailed"}})});
  CHECK(
      failure_of([&] { world.store.put_text("a", "x"); }) ==
      "`https://lab.blob.core.windows.net/c` refused `PUT a`: AuthenticationFailed, Server failed to authenticate the "
      "request.\n"
      "hint: the key is another one, or the clock of this machine is wrong: `ame secret add` puts in what is right");
}

}  // namespace ame
