// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/directory_object_store.hpp"
#include "tests/support/files.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

namespace fs = std::filesystem;

void no_progress(std::uint64_t /*bytes*/) {}

/// Each kind of store, made in a directory that it may or may not use.
template <class Store>
struct Made;

template <>
struct Made<MemoryObjectStore> {
  explicit Made(const fs::path& /*directory*/) {}

  MemoryObjectStore store;
};

template <>
struct Made<DirectoryObjectStore> {
  explicit Made(const fs::path& directory)
      : store(directory / "store") {}

  DirectoryObjectStore store;
};

}  // namespace

TEMPLATE_TEST_CASE("an object store keeps what it is given", "", MemoryObjectStore, DirectoryObjectStore) {
  const TemporaryDirectory directory;
  Made<TestType> made(directory.path());
  ObjectStore& store = made.store;

  SECTION("bytes come back as they went in, whatever they are and whatever their name") {
    const std::string bytes("\0\xFF binary \n", 11);
    const std::vector<std::string> keys = {"a", "deep/down/b", "with space/\xC3\xA9", "-rf", "empty"};
    std::vector<Upload> uploads;
    std::vector<Download> downloads;
    for (const std::string& key : keys) {
      const std::string text = key == "empty" ? "" : bytes + key;
      uploads.push_back({.key = key, .file = written(directory / "in" / key, text), .size = text.size()});
      downloads.push_back({.key = key, .file = directory / "out" / key});
    }
    std::uint64_t sent = 0;
    store.put(uploads, [&](std::uint64_t size) { sent += size; });
    store.get(downloads, no_progress);
    std::uint64_t total = 0;
    for (const Upload& upload : uploads) {
      CHECK(content_of(directory / "out" / upload.key) == content_of(upload.file));
      total += upload.size;
    }
    CHECK(sent == total);
  }

  SECTION("files are kept by their contents, each once, and told by their hashes") {
    const std::string large(3U << 20U, 'l');
    const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    written(directory / "in/one", "abc");
    written(directory / "in/twin", "abc");
    written(directory / "in/large", large);
    const ContentUpload upload{.top = directory / "in",
                               .files = {"one", "gone", "large", "twin"},
                               .key_of = [](std::string_view hash) { return "by/" + std::string(hash); }};
    std::vector<std::uint64_t> sent;
    const auto note = [&sent](std::uint64_t size) { sent.push_back(size); };
    const std::vector<std::string> hashes = store.put_by_content(upload, note);
    REQUIRE(hashes.size() == 4);
    CHECK(hashes[0] == abc);
    CHECK(hashes[1].empty());
    CHECK(hashes[3] == abc);
    CHECK(store.get_text("by/" + abc) == "abc");
    CHECK(store.get_text("by/" + hashes[2]) == large);
    std::ranges::sort(sent);
    CHECK(sent == std::vector<std::uint64_t>{3, large.size()});
    CHECK(store.put_by_content(upload, note) == hashes);
    CHECK(sent.size() == 2);
    CHECK(store.list("").size() == 2);
  }

  SECTION("what is there and what is not can be asked") {
    store.put_text("runs/1/manifest.json", "{}");
    CHECK(store.missing({"runs/1/manifest.json", "runs/2/manifest.json"}) ==
          std::vector<std::string>{"runs/2/manifest.json"});
    CHECK(store.get_text("runs/1/manifest.json") == "{}");
    CHECK_FALSE(store.get_text("runs/2/manifest.json"));
  }

  SECTION("keys are listed by their beginning, sorted") {
    for (const char* key : {"runs/10/m", "runs/1/m", "runs/2/m", "objects/aa"}) {
      store.put_text(key, "x");
    }
    CHECK(store.list("runs/") == std::vector<std::string>{"runs/1/m", "runs/10/m", "runs/2/m"});
    CHECK(store.list("runs/1") == std::vector<std::string>{"runs/1/m", "runs/10/m"});
    CHECK(store.list("nothing/").empty());
    CHECK(store.list("").size() == 4);
  }

  SECTION("a key can be replaced and removed, absent ones too") {
    store.put_text("a", "one");
    store.put_text("a", "two");
    CHECK(store.get_text("a") == "two");
    store.remove({"a", "b"});
    CHECK_FALSE(store.get_text("a"));
  }

  SECTION("what is not there cannot be fetched, and nothing half-made is left") {
    const std::vector<Download> downloads = {{.key = "gone", .file = directory / "out/gone"}};
    CHECK_THROWS_AS(store.get(downloads, no_progress), Error);
    CHECK_FALSE(fs::exists(directory / "out/gone"));
  }
}

TEST_CASE("a store's copy does not change with the file it came from") {
  const TemporaryDirectory directory;
  DirectoryObjectStore store(directory / "store");
  const fs::path file = written(directory / "file", "one");
  const std::vector<Upload> uploads = {{.key = "k", .file = file, .size = 3}};
  store.put(uploads, no_progress);
  written(file, "two");
  CHECK(store.get_text("k") == "one");
}

}  // namespace ame
