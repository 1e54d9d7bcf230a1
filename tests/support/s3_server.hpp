// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/child.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

/// A real S3 server on loopback, OpenStack's Swift, which checks signatures. Access key `test:tester`, secret
/// `testing`, region `us-east-1`.
class S3Server {
 public:
  static bool is_here();

  /// Starts one; options are those of tests/servers/swift_s3.py.
  explicit S3Server(const std::vector<std::string>& options);

  /// Of the one that the tests of this program share, started when it is first asked for: "http://127.0.0.1:40123";
  /// empty where this machine has no such server.
  static std::string endpoint();

  /// What rclone, a client that knows nothing of ame, answers of the shared one; `words` follow its configuration. Ends
  /// the test when it fails.
  static std::string rclone(const std::string& words);

  /// "http://127.0.0.1:40123"
  [[nodiscard]] const std::string& address() const { return address_; }

  /// Makes a bucket, by rclone.
  void make_bucket(const std::string& name) const;

  /// Its own certificate, with `--tls`.
  [[nodiscard]] std::filesystem::path ca_file() const { return directory_ / "swift/cert.pem"; }

 private:
  TemporaryDirectory directory_;
  Child child_;
  std::string address_;
};

}  // namespace ame
