// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/ports/http.hpp"

namespace ame {

/// Http by libcurl. Proxies are those of the environment (`https_proxy`, `no_proxy`); the system's certificates may be
/// replaced by SSL_CERT_FILE, as with other programs.
class CurlHttp final : public Http {
 public:
  explicit CurlHttp(const std::map<std::string, std::string>& environment);
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;
  ~CurlHttp() override;

  HttpResult send(const HttpRequest& request) override;

 private:
  struct Handle;

  std::unique_ptr<Handle> take();
  void give_back(std::unique_ptr<Handle> handle);

  std::string usual_ca_file_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Handle>> idle_;  ///< each with its open connections
};

}  // namespace ame
