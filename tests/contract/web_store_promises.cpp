// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/web_store_promises.hpp"

#include <atomic>
#include <filesystem>
#include <vector>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/sha256.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

void no_progress(std::uint64_t /*bytes*/) {}

std::string large_content() {
  std::string large((11U << 20U) + 7, 'a');
  for (std::size_t index = 0; index < large.size(); ++index) {
    large[index] = static_cast<char>(index * 2654435761U >> 13U);
  }
  return large;
}

/// Lets so many parts of objects through, and breaks off the others.
class BreakingHttp final : public Http {
 public:
  BreakingHttp(Http& real, int parts)
      : real_(real),
        left_(parts) {}

  HttpResult send(const HttpRequest& request) override {
    const bool is_part = request.method == "PUT" && (request.url.find("partNumber=") != std::string::npos ||
                                                     request.url.find("blockid=") != std::string::npos);
    if (!is_part) {
      return real_.send(request);
    }
    if (left_-- <= 0) {
      return HttpFailure{.fault = HttpFault::broken, .reason = "the connection ended in the middle"};
    }
    ++sent;
    return real_.send(request);
  }

  std::atomic<int> sent{0};

 private:
  Http& real_;
  std::atomic<int> left_;
};

}  // namespace

void check_keeps_bytes(const StoreOnServer& server) {
  ObjectStore& store = server.store;
  const TemporaryDirectory directory;
  const std::vector<std::string> keys = {"a", "deep/down/b", "with space/\xC3\xA9+&=%", "-rf", "empty"};
  std::vector<Upload> uploads;
  std::vector<Download> downloads;
  for (const std::string& key : keys) {
    const std::string text = key == "empty" ? "" : std::string("\0\xFF\n", 3) + key;
    uploads.push_back(
        {.key = key, .file = written(directory / "in" / key, text), .size = text.size(), .sha256 = sha256_text(text)});
    downloads.push_back({.key = key, .file = directory / "out" / key, .sha256 = sha256_text(text)});
  }
  store.put(uploads, no_progress);
  store.get(downloads, no_progress);
  for (const Upload& upload : uploads) {
    CHECK(content_of(directory / "out" / upload.key) == content_of(upload.file));
  }
  CHECK(server.read_by_other("with space/\xC3\xA9+&=%") == content_of(uploads[2].file));
  CHECK(store.missing(keys).empty());
  CHECK(store.list("") == std::vector<std::string>{"-rf", "a", "deep/down/b", "empty", "with space/\xC3\xA9+&=%"});
  CHECK(store.list("deep/") == std::vector<std::string>{"deep/down/b"});
  store.remove(keys);
  store.remove({"gone"});
  CHECK(store.list("").empty());
}

void check_tells_what_is_missing(ObjectStore& store) {
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

void check_keeps_large_objects(const StoreOnServer& server) {
  const TemporaryDirectory directory;
  const std::string large = large_content();
  const std::vector<Upload> uploads = {{.key = "large",
                                        .file = written(directory / "large", large),
                                        .size = large.size(),
                                        .sha256 = sha256_text(large)}};
  server.store.put(uploads, no_progress);
  const std::vector<Download> downloads = {
      {.key = "large", .file = directory / "back", .mode = FileMode::executable, .sha256 = sha256_text(large)}};
  server.store.get(downloads, no_progress);
  CHECK(content_of(directory / "back") == large);
  CHECK(fs::status(directory / "back").permissions() == fs::perms(0755));
  CHECK(sha256_text(server.read_by_other("large")) == sha256_text(large));
  server.store.remove({"large"});
}

void check_goes_on_after_a_break(const std::function<std::unique_ptr<ObjectStore>(Http&)>& make, Http& real) {
  const TemporaryDirectory directory;
  const std::string large = large_content();
  const std::vector<Upload> uploads = {{.key = "broken-off",
                                        .file = written(directory / "large", large),
                                        .size = large.size(),
                                        .sha256 = sha256_text(large)}};
  BreakingHttp breaking(real, 2);
  const auto first = make(breaking);
  CHECK(failure_of([&] { first->put(uploads, no_progress); }).find("cannot be reached") != std::string::npos);
  CHECK(breaking.sent == 2);
  CHECK_FALSE(first->get_text("broken-off"));
  BreakingHttp whole(real, 3);
  const auto second = make(whole);
  second->put(uploads, no_progress);
  CHECK(whole.sent == 1);
  CHECK(sha256_text(second->get_text("broken-off").value_or("")) == sha256_text(large));
  second->remove({"broken-off"});
}

void check_refuses_other_content(ObjectStore& store) {
  const TemporaryDirectory directory;
  const std::vector<Upload> uploads = {
      {.key = "wrong", .file = written(directory / "f", "1"), .size = 1, .sha256 = std::string(64, '0')}};
  CHECK_THROWS_AS(store.put(uploads, no_progress), Error);
  CHECK_FALSE(store.get_text("wrong"));
  store.put_text("changed", "2");
  const std::vector<Download> downloads = {
      {.key = "changed", .file = directory / "out/f", .sha256 = std::string(64, '0')}};
  CHECK(failure_of([&] { store.get(downloads, no_progress); }) ==
        "`changed` in " + store.place() +
            " is damaged: its content is not what its name says\n"
            "hint: the store was changed by somebody else; what made the file has to run again");
  CHECK_FALSE(fs::exists(directory / "out/f"));
  CHECK(fs::is_empty(directory / "out"));
  store.remove({"changed"});
}

}  // namespace ame
