// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ame {

struct ReceivedRequest {
  std::string method;
  std::string target;                          ///< path and query, as sent
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// What the server does about a request.
struct ScriptedAnswer {
  enum class Deed {
    answer,       ///< status, headers, body
    raw,          ///< writes `body` as it stands and closes
    say_nothing,  ///< keeps the connection open until the client leaves
  };

  int status = 200;
  std::string body;
  std::map<std::string, std::string> headers;
  Deed deed = Deed::answer;
};

/// An HTTP server on a loopback port of its own, one connection after the other, each answered by the script. Stopped
/// when it is destroyed.
class LoopbackServer {
 public:
  using Script = std::function<ScriptedAnswer(const ReceivedRequest&)>;

  explicit LoopbackServer(Script script);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  /// "http://127.0.0.1:40123"
  [[nodiscard]] std::string address() const;

  /// All requests so far.
  [[nodiscard]] std::vector<ReceivedRequest> received() const;

 private:
  void serve();
  void serve_connection(int connection);

  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stops_ = false;
  mutable std::mutex mutex_;
  std::vector<ReceivedRequest> received_;
  std::thread thread_;
};

}  // namespace ame
