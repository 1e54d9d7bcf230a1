// SPDX-License-Identifier: Apache-2.0
#include "core/system/curl_transfer.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace ame {

namespace {

/// libcurl speaks of names, certificates and numbers here, never of headers or bodies.
std::string with_words(const std::string& what, const std::string& words) {
  return words.empty() ? what : fmt::format("{}: {}", what, words);
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos
             ? std::string()
             : std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
}

/// "SSL certificate problem: self-signed certificate" without what we say ourselves.
std::string without_prefix(std::string words) {
  constexpr std::string_view prefix = "SSL certificate problem: ";
  if (words.starts_with(prefix)) {
    words.erase(0, prefix.size());
  }
  return words;
}

HttpFailure failure_of(CURLcode code, const std::string& words) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return {HttpFault::bad_url, "the address is no `http://` or `https://` one"};
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {HttpFault::unknown_host, "its name is not known here"};
    case CURLE_COULDNT_CONNECT:
      return {HttpFault::unreachable, "nobody answers there"};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {HttpFault::untrusted, with_words("its certificate is not trusted", without_prefix(words))};
    case CURLE_SSL_CACERT_BADFILE:
      return {HttpFault::bad_ca_file, "the file with the certificates to trust cannot be used"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
      return {HttpFault::tls, with_words("TLS could not be agreed on", words)};
    case CURLE_OPERATION_TIMEDOUT:
      return {HttpFault::timed_out, "it did not answer in time"};
    case CURLE_GOT_NOTHING:
      return {HttpFault::broken, "it closed the connection without an answer"};
    default:
      return {HttpFault::broken, with_words("the connection broke", words)};
  }
}

}  // namespace

CurlTransfer::CurlTransfer(CURL* handle, const HttpRequest& request)
    : curl_(libcurl()),
      handle_(handle),
      request_(request) {}

CurlTransfer::~CurlTransfer() {
  curl_.easy_reset(handle_);  // before what it points to is gone
  curl_.slist_free_all(headers_);
}

HttpResult CurlTransfer::perform(const std::string& usual_ca_file) {
  if (!request_.url.starts_with("https://") && !request_.url.starts_with("http://")) {
    return failure_of(CURLE_URL_MALFORMAT, {});
  }
  set_address();
  set_limits();
  set_trust(usual_ca_file);
  set_headers();
  set_body();
  set_answer();
  const CURLcode code = curl_.easy_perform(handle_);
  if (thrown_) {
    std::rethrow_exception(thrown_);
  }
  return outcome(code);
}

void CurlTransfer::set_address() {
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  if (request_.url.starts_with("http://") && is_private_address(request_.url)) {
    set(CURLOPT_PROXY, "");  // no proxy leads to this very machine
  }
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_ERRORBUFFER, words_.data());
  set(CURLOPT_NOSIGNAL, 1L);
}

void CurlTransfer::set_limits() {
  constexpr long a_second = 1000;
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_within.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(request_.idle_within.count()) / a_second));
  if (request_.done_within) {
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.done_within->count()));
  }
  if (request_.is_cancelled) {
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &CurlTransfer::on_progress);
    set(CURLOPT_XFERINFODATA, this);
  }
}

void CurlTransfer::set_trust(const std::string& usual_ca_file) {
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!request_.ca_file.empty()) {
    set(CURLOPT_CAINFO, request_.ca_file.c_str());
    set(CURLOPT_CAPATH, nullptr);  // these alone, not the system's beside them
  } else if (!usual_ca_file.empty()) {
    set(CURLOPT_CAINFO, usual_ca_file.c_str());
  }
}

void CurlTransfer::add_header(const std::string& line) {
  headers_ = curl_.slist_append(headers_, line.c_str());
}

void CurlTransfer::set_headers() {
  const auto has = [this](std::string_view wanted) {
    return std::ranges::any_of(request_.headers, [&](const HttpHeader& header) {
      return std::ranges::equal(header.name, wanted, [](char left, char right) {
        return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
      });
    });
  };
  for (const HttpHeader& header : request_.headers) {
    add_header(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  // libcurl adds these by itself, and nobody asked for them.
  for (const char* const name : {"Expect", "Accept", "Content-Type"}) {
    if (!has(name)) {
      add_header(std::string(name) + ":");
    }
  }
  if (!has("User-Agent")) {
    set(CURLOPT_USERAGENT, "ame");
  }
  set(CURLOPT_HTTPHEADER, headers_);
}

void CurlTransfer::set_body() {
  if (request_.upload) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &CurlTransfer::on_read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_SEEKFUNCTION, &CurlTransfer::on_seek);
    set(CURLOPT_SEEKDATA, this);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.upload->size));
  } else if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
  } else if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  }
  set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void CurlTransfer::set_answer() {
  set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(CURLOPT_WRITEDATA, this);
}

HttpResult CurlTransfer::outcome(CURLcode code) {
  if (is_cancelled_) {
    return HttpFailure{HttpFault::cancelled, "it was cancelled"};
  }
  if (is_too_large_) {
    return HttpFailure{HttpFault::too_large, fmt::format("the answer is longer than {} bytes", request_.largest_body)};
  }
  if (code != CURLE_OK) {
    return failure_of(code, words_.data());
  }
  return std::move(response_);
}

template <class Function>
bool CurlTransfer::guarded(Function function) {
  try {
    function();
    return true;
  } catch (...) {
    thrown_ = std::current_exception();
    return false;
  }
}

void CurlTransfer::take_header(std::string_view line) {
  if (line.starts_with("HTTP/")) {  // also after `100 Continue` and a proxy's answer: the last one counts
    long status = 0;
    curl_.easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    response_ = {.status = static_cast<int>(status)};
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return;
  }
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  response_.headers.push_back({.name = std::move(name), .value = trimmed(line.substr(colon + 1))});
}

void CurlTransfer::take_body(std::string_view bytes) {
  if (request_.download && response_.is_success()) {
    request_.download(bytes);
  } else if (response_.body.size() + bytes.size() > request_.largest_body) {
    is_too_large_ = true;
  } else {
    response_.body.append(bytes);
  }
}

std::size_t CurlTransfer::on_header(char* bytes, std::size_t size, std::size_t count, void* transfer) {
  auto& self = *static_cast<CurlTransfer*>(transfer);
  return self.guarded([&] { self.take_header({bytes, size * count}); }) ? size * count : 0;
}

std::size_t CurlTransfer::on_body(char* bytes, std::size_t size, std::size_t count, void* transfer) {
  auto& self = *static_cast<CurlTransfer*>(transfer);
  const bool is_fine = self.guarded([&] { self.take_body({bytes, size * count}); });
  return is_fine && !self.is_too_large_ ? size * count : 0;
}

std::size_t CurlTransfer::on_read(char* room, std::size_t size, std::size_t count, void* transfer) {
  auto& self = *static_cast<CurlTransfer*>(transfer);
  std::size_t filled = 0;
  return self.guarded([&] {
    filled = self.request_.upload->read({room, size * count});
  })
             ? filled
             : CURL_READFUNC_ABORT;
}

int CurlTransfer::on_seek(void* transfer, curl_off_t offset, int origin) {
  auto& self = *static_cast<CurlTransfer*>(transfer);
  if (offset != 0 || origin != 0 || !self.request_.upload->rewind) {
    return CURL_SEEKFUNC_FAIL;
  }
  return self.guarded([&] { self.request_.upload->rewind(); }) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

int CurlTransfer::on_progress(void* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& self = *static_cast<CurlTransfer*>(transfer);
  const bool is_fine = self.guarded([&] { self.is_cancelled_ = self.request_.is_cancelled(); });
  return is_fine && !self.is_cancelled_ ? 0 : 1;
}

}  // namespace ame
