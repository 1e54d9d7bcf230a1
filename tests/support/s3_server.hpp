// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ame {

/// A real S3 server on loopback, started when it is first asked for and stopped with the program: it checks signatures.
/// Access key `test:tester`, secret `testing`, region `us-east-1`.
class S3Server {
 public:
  /// "http://127.0.0.1:40123"; empty where this machine has no such server.
  static std::string endpoint();

  /// What rclone, a client that knows nothing of ame, answers; `words` follow its configuration. Ends the test when it
  /// fails.
  static std::string rclone(const std::string& words);
};

}  // namespace ame
