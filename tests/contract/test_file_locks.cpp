// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "core/system/flock_file_locks.hpp"
#include "core/system/owner_file_lock.hpp"
#include "core/system/process_identity.hpp"
#include "tests/support/memory_file_locks.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

namespace fs = std::filesystem;

}  // namespace

TEMPLATE_TEST_CASE("one holder at a time, and the next when it lets go",
                   "[contract]",
                   MemoryFileLocks,
                   FlockFileLocks,
                   OwnerFileLocks) {
  const TemporaryDirectory directory;
  TestType locks;
  const fs::path file = directory / "a.lock";
  auto held = locks.lock(file);
  CHECK(held != nullptr);
  CHECK(locks.try_lock(file) == nullptr);
  CHECK(locks.try_lock(directory / "b.lock") != nullptr);
  held.reset();
  CHECK(locks.try_lock(file) != nullptr);
}

TEMPLATE_TEST_CASE("those who share a lock keep out who wants it alone until the last of them lets go",
                   "[contract]",
                   MemoryFileLocks,
                   FlockFileLocks,
                   OwnerFileLocks) {
  const TemporaryDirectory directory;
  TestType locks;
  const fs::path file = directory / "a.lock";
  auto one = locks.lock_shared(file);
  auto other = locks.lock_shared(file);
  CHECK(locks.try_lock(file) == nullptr);
  one.reset();
  CHECK(locks.try_lock(file) == nullptr);
  other.reset();
  CHECK(locks.try_lock(file) != nullptr);
  CHECK(locks.lock_shared(file) != nullptr);
}

TEST_CASE("what sharers and holders that are gone have left holds nothing", "[contract]") {
  const TemporaryDirectory directory;
  OwnerFileLocks locks;
  RunOwner gone = this_process();
  gone.boot = "another boot";
  const std::string content = gone.host + "\n" + gone.boot + "\n1\n1\n";
  std::ofstream(directory / "a.lock.owner") << content;
  std::ofstream(directory / "a.lock.shared.x-1-1-0") << content;
  CHECK(locks.try_lock(directory / "a.lock") != nullptr);
  CHECK(fs::is_empty(directory.path()));
}

}  // namespace ame
