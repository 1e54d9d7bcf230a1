// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/disk_file_hasher.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

TEST_CASE("a file's hash is that of its content, a missing one has none") {
  const TemporaryDirectory top;
  std::ofstream(top / "abc") << "abc";
  std::ofstream(top / "empty").flush();
  CHECK(DiskFileHasher().hashes_of(top.path(), {"abc", "gone", "empty"}) ==
        std::vector<std::string>{"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                                 "",
                                 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"});
}

TEST_CASE("many files are hashed by many threads, each in its place") {
  const TemporaryDirectory top;
  std::vector<std::string> names;
  for (int number = 0; number < 500; ++number) {
    names.push_back(std::to_string(number));
    std::ofstream(top / names.back()) << number % 7;
  }
  const auto hashes = DiskFileHasher().hashes_of(top.path(), names);
  for (std::size_t index = 7; index < names.size(); ++index) {
    CHECK(hashes[index] == hashes[index % 7]);
  }
  CHECK(hashes[0] != hashes[1]);
}

TEST_CASE("a file that cannot be read is an error") {
  const TemporaryDirectory top;
  std::filesystem::create_directory(top / "directory");
  CHECK_THROWS_AS(DiskFileHasher().hashes_of(top.path(), {"directory"}), Error);
}

}  // namespace ame
