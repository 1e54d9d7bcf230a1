// SPDX-License-Identifier: Apache-2.0
#include "tests/support/container_store.hpp"

#include <unistd.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>

#include <fmt/format.h>

#include "tests/support/child.hpp"
#include "tests/support/skip.hpp"

namespace ame {

namespace {

std::filesystem::path store_for(const std::filesystem::path& script) {
  std::ifstream file(script, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  // Another script makes other images. Not in the build directory: several builds share them.
  return std::filesystem::temp_directory_path() /
         fmt::format("ame-test-containers-{}-{:x}", ::getuid(), std::hash<std::string>{}(content));
}

}  // namespace

std::optional<std::filesystem::path> container_store() {
  const std::filesystem::path script = std::filesystem::path(AME_SOURCE_DIR) / "tests/containers/make_images.py";
  const std::filesystem::path store = store_for(script);
  if (!std::filesystem::exists("/usr/bin/podman")) {
    skip_test("podman is not on this machine");
    return std::nullopt;
  }
  Child child({.argv = {"/usr/bin/python3", "-B", script.string(), store.string()},
               .environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}, {"HOME", store.parent_path().string()}},
               .directory = "/",
               .streams = ChildStreams::pipes,
               .largest_file = std::nullopt});
  if (child.wait() != 0) {
    skip_test("podman cannot start containers here: " + child.err());
    return std::nullopt;
  }
  return store;
}

}  // namespace ame
