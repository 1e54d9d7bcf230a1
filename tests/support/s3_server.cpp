// SPDX-License-Identifier: Apache-2.0
#include "tests/support/s3_server.hpp"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>

#include "tests/support/child.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace {

std::map<std::string, std::string> environment_for(const std::string& home) {
  return {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, {"HOME", home}, {"LC_ALL", "C.UTF-8"}};
}

struct Running {
  TemporaryDirectory directory;
  Child child{{.argv = {"/usr/bin/python3",
                        "-B",
                        std::string(AME_SOURCE_DIR) + "/tests/servers/swift_s3.py",
                        (directory / "swift").string()},
               .environment = environment_for(directory.path().string()),
               .directory = directory.path()}};
};

const std::string& started() {
  static const std::string endpoint = [] {
    if (!std::filesystem::exists("/usr/lib/python3/dist-packages/swift/proxy/server.py")) {
      return std::string();
    }
    static Running running;
    if (!running.child.wait_for("ready ") || !running.child.wait_for("\n")) {
      throw std::runtime_error("the S3 server did not start: " + running.child.err());
    }
    const std::string& out = running.child.out();
    const std::size_t begin = out.find("ready ") + 6;
    return "http://127.0.0.1:" + out.substr(begin, out.find('\n', begin) - begin);
  }();
  return endpoint;
}

}  // namespace

std::string S3Server::endpoint() {
  return started();
}

std::string S3Server::rclone(const std::string& words) {
  const TemporaryDirectory home;
  std::map<std::string, std::string> environment = environment_for(home.path().string());
  environment["RCLONE_CONFIG_S_TYPE"] = "s3";
  environment["RCLONE_CONFIG_S_PROVIDER"] = "Other";
  environment["RCLONE_CONFIG_S_ENDPOINT"] = endpoint();
  environment["RCLONE_CONFIG_S_ACCESS_KEY_ID"] = "test:tester";
  environment["RCLONE_CONFIG_S_SECRET_ACCESS_KEY"] = "testing";
  environment["RCLONE_CONFIG_S_REGION"] = "us-east-1";
  environment["RCLONE_CONFIG_S_FORCE_PATH_STYLE"] = "true";
  Child child(
      {.argv = {"/bin/sh", "-c", "exec rclone " + words}, .environment = environment, .directory = home.path()});
  if (child.wait() != 0) {
    throw std::runtime_error("rclone " + words + ": " + child.err());
  }
  return child.out();
}

}  // namespace ame
