// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/http.hpp"

namespace ame {

/// What comes of one request: pieces of a body for who takes them, then the result.
struct Scene {
  HttpResult result;
  std::vector<std::string> pieces = {};
};

/// A server that answers as the test says, one request after the other.
class ScriptedHttp final : public Http {
 public:
  ScriptedHttp& then(Scene scene) {
    scenes_.push_back(std::move(scene));
    return *this;
  }

  HttpResult send(const HttpRequest& request) override {
    const std::scoped_lock guard(mutex_);
    asked.push_back(request.method + " " + request.url.substr(request.url.find('/', 8)));
    if (scenes_.empty()) {
      throw std::logic_error("nothing more was expected to be asked");
    }
    Scene scene = std::move(scenes_.front());
    scenes_.pop_front();
    for (const std::string& piece : scene.pieces) {
      request.download(piece);
    }
    return std::move(scene.result);
  }

  std::vector<std::string> asked;

 private:
  std::mutex mutex_;
  std::deque<Scene> scenes_;
};

inline HttpResponse status(int number, std::string body = {}, std::vector<HttpHeader> headers = {}) {
  return {.status = number, .headers = std::move(headers), .body = std::move(body)};
}

inline HttpFailure broken() {
  return {.fault = HttpFault::broken, .reason = "the connection ended in the middle"};
}

}  // namespace ame
