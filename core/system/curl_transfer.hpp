// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <exception>
#include <string>

#include "core/ports/http.hpp"
#include "core/system/libcurl.hpp"

namespace ame {

/// One request on its way, and what comes back of it.
class CurlTransfer {
 public:
  /// Both outlive this. The handle is as new.
  CurlTransfer(CURL* handle, const HttpRequest& request);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer();

  HttpResult perform(const std::string& usual_ca_file);

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_.easy_setopt(handle_, option, value);
  }

  void set_address();
  void set_limits();
  void set_trust(const std::string& usual_ca_file);
  void set_headers();
  void set_body();
  void set_answer();
  void add_header(const std::string& line);
  [[nodiscard]] HttpResult outcome(CURLcode code);

  void take_header(std::string_view line);
  void take_body(std::string_view bytes);

  /// Runs what may throw inside a function that libcurl calls; what it throws comes out of perform().
  template <class Function>
  bool guarded(Function function);

  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* transfer);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* transfer);
  static std::size_t on_read(char* room, std::size_t size, std::size_t count, void* transfer);
  static int on_seek(void* transfer, curl_off_t offset, int origin);
  static int on_progress(void* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  const Libcurl& curl_;
  CURL* handle_;
  const HttpRequest& request_;
  curl_slist* headers_ = nullptr;
  HttpResponse response_;
  std::exception_ptr thrown_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  bool is_too_large_ = false;
  bool is_cancelled_ = false;
};

}  // namespace ame
