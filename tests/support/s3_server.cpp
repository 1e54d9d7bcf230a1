// SPDX-License-Identifier: Apache-2.0
#include "tests/support/s3_server.hpp"

#include <filesystem>
#include <map>
#include <stdexcept>

#include "tests/support/rclone.hpp"

namespace ame {

namespace {

std::vector<std::string> command_for(const std::filesystem::path& top, const std::vector<std::string>& options) {
  std::vector<std::string> argv = {
      "/usr/bin/python3", "-B", std::string(AME_SOURCE_DIR) + "/tests/servers/swift_s3.py", top.string()};
  argv.insert(argv.end(), options.begin(), options.end());
  return argv;
}

std::map<std::string, std::string> configuration_for(const std::string& endpoint) {
  return {{"RCLONE_CONFIG_S_TYPE", "s3"},
          {"RCLONE_CONFIG_S_PROVIDER", "Other"},
          {"RCLONE_CONFIG_S_ENDPOINT", endpoint},
          {"RCLONE_CONFIG_S_ACCESS_KEY_ID", "test:tester"},
          {"RCLONE_CONFIG_S_SECRET_ACCESS_KEY", "testing"},
          {"RCLONE_CONFIG_S_REGION", "us-east-1"},
          {"RCLONE_CONFIG_S_FORCE_PATH_STYLE", "true"}};
}

}  // namespace

bool S3Server::is_here() {
  return std::filesystem::exists("/usr/lib/python3/dist-packages/swift/proxy/server.py");
}

S3Server::S3Server(const std::vector<std::string>& options)
    : child_({.argv = command_for(directory_ / "swift", options),
              .environment = environment_for_tools(directory_.path()),
              .directory = directory_.path()}) {
  if (!child_.wait_for("ready ") || !child_.wait_for("\n")) {
    throw std::runtime_error("the S3 server did not start: " + child_.err());
  }
  const std::string& out = child_.out();
  const std::size_t begin = out.find("ready ") + 6;
  address_ = out.substr(begin, out.find('\n', begin) - begin);
}

std::string S3Server::endpoint() {
  static const std::string endpoint = [] {
    if (!is_here()) {
      return std::string();
    }
    static const S3Server shared({});
    return shared.address();
  }();
  return endpoint;
}

std::string S3Server::rclone(const std::string& words) {
  return run_rclone(configuration_for(endpoint()), words);
}

void S3Server::make_bucket(const std::string& name) const {
  const bool is_tls = address_.starts_with("https://");
  run_rclone(configuration_for(address_), (is_tls ? "--ca-cert " + ca_file().string() + " " : "") + "mkdir s:" + name);
}

}  // namespace ame
