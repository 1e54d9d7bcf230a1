// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/secrets/file_secret_store.hpp"
#include "core/secrets/machine_keys.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_locks.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/no_processes.hpp"

namespace ame {

namespace {

const std::filesystem::path store_file = "/config/secrets/store";
const std::filesystem::path key_directory = "/state/secrets";

/// A machine without a keyring.
class Machine {
 public:
  MemoryFileSystem files;
  MemoryFileLocks locks;
  ManualClock clock;
  std::string passphrase = "correct horse";
  std::vector<PassphraseUse> asked;
  KeySettings settings{.directory = key_directory, .cost = {.passes = 1, .memory = 8192}};

  /// As a new process would open it.
  template <class Use>
  auto with_store(Use use) {
    NoProcesses processes;
    Keyring keyring({processes, files, clock}, {.memory_directory = [] { return std::filesystem::path("/run/ame"); }});
    const auto ask = [this](PassphraseUse purpose) {
      asked.push_back(purpose);
      return SecretText(passphrase);
    };
    MachineKeys keys(files, keyring, ask, settings);
    FileSecretStore store(store_file, {files, locks, clock, keys});
    return use(store);
  }

  void put(const std::string& key, const std::string& value) {
    with_store([&](FileSecretStore& store) { return store.put(key, SecretText(value), IfPresent::replace); });
  }

  std::string value_of(const std::string& key) {
    return with_store([&](FileSecretStore& store) {
      const auto value = store.find(key);
      return value ? std::string(value->reveal()) : "(none)";
    });
  }

  std::string problem() {
    try {
      value_of("a");
    } catch (const Error& error) {
      return error.what();
    }
    return "no problem";
  }

  std::string content() { return files.read(store_file).value_or("(no file)"); }
};

}  // namespace

TEST_CASE("looking into a store that is not there makes none") {
  Machine machine;
  CHECK(machine.value_of("a") == "(none)");
  CHECK(machine.with_store([](FileSecretStore& store) { return store.list(); }).empty());
  CHECK(machine.with_store([](FileSecretStore& store) { return store.ways_in(); }).empty());
  CHECK(machine.with_store([](FileSecretStore& store) { return store.remove("a"); }) == StoreResult::absent);
  CHECK(machine.files.status(store_file).kind == FileKind::missing);
  CHECK(machine.files.list(key_directory).empty());
}

TEST_CASE("the first secret makes the store and its key, for the user only") {
  Machine machine;
  machine.put("a", "alpha-value");
  CHECK(machine.value_of("a") == "alpha-value");
  CHECK(machine.files.status(store_file).mode == 0600);
  CHECK(machine.files.status(store_file.parent_path()).mode == 0700);
  const auto keys = machine.files.list(key_directory);
  REQUIRE(keys.size() == 1);
  CHECK(machine.files.status(key_directory / keys.front()).mode == 0600);
  CHECK(machine.files.status(key_directory).mode == 0700);
  CHECK(machine.locks.was_locked().front() == "/config/secrets/store.lock");
}

TEST_CASE("a key that is there is kept unless it is to be replaced") {
  Machine machine;
  machine.put("a", "one");
  machine.clock.advance(std::chrono::hours(1));
  machine.with_store([](FileSecretStore& store) {
    CHECK(store.put("a", SecretText("two"), IfPresent::keep) == StoreResult::kept);
    CHECK(store.find("a")->reveal() == "one");
    CHECK(store.put("a", SecretText("two"), IfPresent::replace) == StoreResult::stored);
  });
  CHECK(machine.value_of("a") == "two");
  const auto listing = machine.with_store([](FileSecretStore& store) { return store.list(); });
  REQUIRE(listing.size() == 1);
  CHECK(listing.front().changed - listing.front().created == std::chrono::hours(1));
}

TEST_CASE("secrets are listed by key, removed and renamed") {
  Machine machine;
  machine.put("c", "gamma");
  machine.put("a", "alpha");
  machine.put("b", "beta");
  machine.with_store([](FileSecretStore& store) {
    CHECK(store.remove("b") == StoreResult::stored);
    CHECK(store.remove("b") == StoreResult::absent);
    CHECK(store.rename("x", "y", IfPresent::keep) == StoreResult::absent);
    CHECK(store.rename("a", "c", IfPresent::keep) == StoreResult::kept);
    CHECK(store.rename("a", "z", IfPresent::keep) == StoreResult::stored);
  });
  const auto listing = machine.with_store([](FileSecretStore& store) { return store.list(); });
  REQUIRE(listing.size() == 2);
  CHECK(listing[0].key == "c");
  CHECK(listing[1].key == "z");
  CHECK(machine.value_of("z") == "alpha");
  CHECK(machine.with_store([](FileSecretStore& s) { return s.rename("z", "c", IfPresent::replace); }) ==
        StoreResult::stored);
  CHECK(machine.value_of("c") == "alpha");
}

TEST_CASE("two processes that change the store in turn lose nothing of each other") {
  Machine machine;
  machine.put("a", "one");
  machine.with_store([&](FileSecretStore& first) {
    CHECK(first.find("a"));
    machine.put("b", "by another");
    first.put("c", SecretText("by the first"), IfPresent::keep);
  });
  CHECK(machine.value_of("b") == "by another");
  CHECK(machine.value_of("c") == "by the first");
}

TEST_CASE("a passphrase opens the store, and another does not") {
  Machine machine;
  machine.settings.wanted = UnlockMethod::passphrase;
  machine.put("a", "alpha");
  CHECK(machine.asked == std::vector{PassphraseUse::choose});
  machine.asked.clear();
  CHECK(machine.value_of("a") == "alpha");
  CHECK(machine.asked == std::vector{PassphraseUse::open});
  machine.passphrase = "wrong horse";
  const std::string before = machine.content();
  CHECK(machine.problem() == "the passphrase does not open `/config/secrets/store`");
  CHECK_THROWS_AS(machine.put("a", "beta"), Error);
  CHECK(machine.content() == before);
}

TEST_CASE("a person is asked once, however often the store is used") {
  Machine machine;
  machine.settings.has_passphrase_file = true;
  machine.put("a", "alpha");
  machine.asked.clear();
  machine.with_store([](FileSecretStore& store) {
    CHECK(store.list().size() == 1);
    store.put("b", SecretText("beta"), IfPresent::keep);
    store.put("c", SecretText("gamma"), IfPresent::keep);
    CHECK(store.find("b"));
  });
  CHECK(machine.asked == std::vector{PassphraseUse::open});
}

TEST_CASE("a key file of the user's own is made once and then used") {
  Machine machine;
  machine.files.add_directory("/keys");
  machine.settings.key_file = "/keys/mine";
  machine.put("a", "alpha");
  CHECK(machine.files.status("/keys/mine").mode == 0600);
  CHECK(machine.files.list(key_directory).empty());
  CHECK(machine.value_of("a") == "alpha");
  machine.settings.key_file = "/keys/other";
  CHECK(machine.problem() == "the key file of the secret store, `/keys/other`, is not there");
  machine.files.write_atomically("/keys/other", text_of_key(random_secret_key()).reveal(), FileMode::owner_only);
  CHECK(machine.problem() == "`/keys/other` is the key of another secret store");
  machine.files.write_atomically("/keys/other", "not a key", FileMode::owner_only);
  CHECK(machine.problem() == "`/keys/other` is no key file of ame");
}

TEST_CASE("a store or key that others can read is refused") {
  Machine machine;
  machine.put("a", "alpha");
  const std::string store = machine.content();
  machine.files.write_atomically(store_file, store, FileMode::shared);
  CHECK(machine.problem() == "others can read or write `/config/secrets/store`: its mode is 0644");
  machine.files.write_atomically(store_file, store, FileMode::owner_only);
  const auto key = key_directory / machine.files.list(key_directory).front();
  machine.files.write_atomically(key, *machine.files.read(key), FileMode::shared);
  CHECK(machine.problem() == "others can read or write `" + key.string() + "`: its mode is 0644");
}

TEST_CASE("a lost key is said, and the store is left alone") {
  Machine machine;
  machine.put("a", "alpha");
  const auto key = key_directory / machine.files.list(key_directory).front();
  const std::string before = machine.content();
  machine.files.remove_all(key);
  CHECK(machine.problem() == "the key file of the secret store, `" + key.string() + "`, is not there");
  CHECK_THROWS_AS(machine.put("b", "beta"), Error);
  CHECK(machine.content() == before);
}

TEST_CASE("a damaged store is never written over") {
  Machine machine;
  machine.put("a", "alpha");
  std::string damaged = machine.content();
  damaged.back() ^= 1;
  machine.files.write_atomically(store_file, damaged, FileMode::owner_only);
  CHECK_THROWS_WITH(machine.put("b", "beta"),
                    "the secret file `/config/secrets/store` is damaged: it was changed after ame wrote it");
  CHECK(machine.content() == damaged);
}

TEST_CASE("a rotated store opens with the new key only, and the old one is gone") {
  Machine machine;
  machine.put("a", "alpha");
  const std::string before = machine.content();
  const auto old_keys = machine.files.list(key_directory);
  machine.with_store([](FileSecretStore& store) { store.rotate(std::nullopt); });
  const auto new_keys = machine.files.list(key_directory);
  REQUIRE(new_keys.size() == 1);
  CHECK(new_keys != old_keys);
  CHECK(machine.value_of("a") == "alpha");
  machine.files.write_atomically(store_file, before, FileMode::owner_only);
  CHECK(machine.problem().find("is not there") != std::string::npos);
}

TEST_CASE("rotation can change how the store is opened") {
  Machine machine;
  machine.put("a", "alpha");
  machine.with_store([](FileSecretStore& store) { store.rotate(UnlockMethod::passphrase); });
  CHECK(machine.files.list(key_directory).empty());
  CHECK(machine.value_of("a") == "alpha");
  const auto ways = machine.with_store([](FileSecretStore& store) { return store.ways_in(); });
  REQUIRE(ways.size() == 1);
  CHECK(ways.front().method == UnlockMethod::passphrase);
  machine.files.add_directory("/keys");
  machine.settings.new_key_file = "/keys/mine";
  machine.with_store([](FileSecretStore& store) { store.rotate(UnlockMethod::key_file); });
  machine.settings.key_file = "/keys/mine";
  CHECK(machine.value_of("a") == "alpha");
  CHECK_THROWS_WITH(machine.with_store([](FileSecretStore& store) { return store.rotate(UnlockMethod::key_file); }),
                    "the key file `/keys/mine` is the key that is in use");
}

TEST_CASE("what was exported is imported with its passphrase alone") {
  Machine from;
  from.put("a", "alpha");
  from.put("b", "beta");
  const std::string file = from.with_store(
      [](FileSecretStore& store) { return store.exported(SecretText("journey"), {.passes = 1, .memory = 8192}); });
  CHECK(file.find("alpha") == std::string::npos);

  Machine to;
  to.put("b", "mine");
  const auto import = [&](const std::string& passphrase, IfPresent if_present) {
    return to.with_store(
        [&](FileSecretStore& store) { return store.import(file, "backup.ame", SecretText(passphrase), if_present); });
  };
  CHECK_THROWS_WITH(import("wrong", IfPresent::keep), "the passphrase does not open `backup.ame`");
  const ImportReport report = import("journey", IfPresent::keep);
  CHECK(report.stored == std::vector<std::string>{"a"});
  CHECK(report.kept == std::vector<std::string>{"b"});
  CHECK(to.value_of("a") == "alpha");
  CHECK(to.value_of("b") == "mine");
  CHECK(import("journey", IfPresent::replace).stored.size() == 2);
  CHECK(to.value_of("b") == "beta");
}

}  // namespace ame
