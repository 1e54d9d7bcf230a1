// SPDX-License-Identifier: Apache-2.0
#include "core/system/curl_http.hpp"

#include <utility>

#include "core/error.hpp"
#include "core/system/curl_transfer.hpp"

namespace ame {

struct CurlHttp::Handle {
  Handle()
      : curl(libcurl().easy_init()) {
    if (curl == nullptr) {
      throw Error(ExitCode::machine, Diagnostic{.message = "libcurl cannot be used: there is not enough memory"});
    }
  }

  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  ~Handle() { libcurl().easy_cleanup(curl); }

  CURL* curl;
};

CurlHttp::CurlHttp(const std::map<std::string, std::string>& environment) {
  if (const auto file = environment.find("SSL_CERT_FILE"); file != environment.end()) {
    usual_ca_file_ = file->second;
  }
}

CurlHttp::~CurlHttp() = default;

HttpResult CurlHttp::send(const HttpRequest& request) {
  std::unique_ptr<Handle> handle = take();
  HttpResult result = CurlTransfer(handle->curl, request).perform(usual_ca_file_);
  give_back(std::move(handle));
  return result;
}

std::unique_ptr<CurlHttp::Handle> CurlHttp::take() {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Handle> handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  return std::make_unique<Handle>();
}

void CurlHttp::give_back(std::unique_ptr<Handle> handle) {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(handle));
}

}  // namespace ame
