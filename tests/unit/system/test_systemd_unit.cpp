// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "core/system/systemd_unit.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace {

namespace fs = std::filesystem;

/// A `systemctl` of our own, first in PATH.
class Systemctl {
 public:
  explicit Systemctl(const std::string& script)
      : path_before_(std::getenv("PATH")) {
    std::ofstream(directory_ / "systemctl") << "#!/bin/sh\n" << script;
    fs::permissions(directory_ / "systemctl", fs::perms::owner_all);
    ::setenv("PATH", ((directory_ / "").string() + ":" + path_before_).c_str(), 1);
  }

  Systemctl(const Systemctl&) = delete;
  Systemctl& operator=(const Systemctl&) = delete;

  ~Systemctl() { ::setenv("PATH", path_before_.c_str(), 1); }

  [[nodiscard]] fs::path directory() const { return directory_ / ""; }

 private:
  std::string path_before_;
  TemporaryDirectory directory_;
};

}  // namespace

TEST_CASE("the nearest unit of a control group is found", "[cgroup]") {
  const fs::path root = "/sys/fs/cgroup";
  CHECK(systemd_unit_of(root, root / "system.slice/a.service") ==
        SystemdUnit{.name = "a.service", .group = root / "system.slice/a.service"});
  CHECK(systemd_unit_of(root, root / "user.slice/user@1000.service/app.slice/b.scope/leaf") ==
        SystemdUnit{
            .name = "b.scope", .group = root / "user.slice/user@1000.service/app.slice/b.scope", .is_of_user = true});
  CHECK(systemd_unit_of(root, root) == std::nullopt);
  CHECK(systemd_unit_of(root, root / "docker/1234") == std::nullopt);
}

TEST_CASE("systemctl is asked for the unit by its name", "[cgroup]") {
  const Systemctl systemctl("echo \"$@\" > \"$(dirname \"$0\")/said\"; echo yes\n");
  CHECK(is_delegated({.name = "run-1.scope", .group = "/absent", .is_of_user = true}));
  std::string said;
  std::getline(std::ifstream(systemctl.directory() / "said"), said);
  CHECK(said == "--user show --property=Delegate --value -- run-1.scope");
  CHECK(is_delegated({.name = "-1.service", .group = "/absent"}));
  std::getline(std::ifstream(systemctl.directory() / "said"), said);
  CHECK(said == "show --property=Delegate --value -- -1.service");
}

TEST_CASE("whatever systemctl says but yes is no", "[cgroup]") {
  for (const char* script : {"echo no", "echo yes or no", "echo yes >&2; exit 1", "exit 3"}) {
    const Systemctl systemctl(script);
    CHECK_FALSE(is_delegated({.name = "a.service", .group = "/absent"}));
  }
}

TEST_CASE("a systemctl that does not end is not waited for", "[cgroup]") {
  const Systemctl systemctl("echo yes; exec sleep 300");
  CHECK(is_delegated({.name = "a.service", .group = "/absent"}));
}

}  // namespace ame
