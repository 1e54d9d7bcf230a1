// SPDX-License-Identifier: Apache-2.0
#include "core/system/sigv4.hpp"

#include <ctime>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/system/sha256.hpp"

namespace ame {

namespace {

std::string_view text_of(const Sha256::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string stamp_of(UtcTime now) {
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(seconds));
}

std::string signature_of(const std::string& text, const S3Credentials& credentials, const std::string& day) {
  Sha256::Bytes key = hmac_sha256("AWS4" + credentials.secret_key, day);
  key = hmac_sha256(text_of(key), credentials.region);
  key = hmac_sha256(text_of(key), "s3");
  key = hmac_sha256(text_of(key), "aws4_request");
  return hexadecimal(hmac_sha256(text_of(key), text));
}

}  // namespace

std::vector<HttpHeader> sigv4_headers(const SignedParts& parts, const S3Credentials& credentials, UtcTime now) {
  constexpr std::size_t digits_of_day = 8;
  const std::string stamp = stamp_of(now);
  const std::string day = stamp.substr(0, digits_of_day);
  std::string headers =
      fmt::format("host:{}\nx-amz-content-sha256:{}\nx-amz-date:{}\n", parts.host, parts.content_sha256, stamp);
  std::string names = "host;x-amz-content-sha256;x-amz-date";
  std::vector<HttpHeader> sent = {{"x-amz-content-sha256", parts.content_sha256}, {"x-amz-date", stamp}};
  if (!credentials.session_token.empty()) {
    headers += fmt::format("x-amz-security-token:{}\n", credentials.session_token);
    names += ";x-amz-security-token";
    sent.push_back({"x-amz-security-token", credentials.session_token});
  }
  const std::string query = query_text(parts.query);
  const std::string request = fmt::format("{}\n{}\n{}\n{}\n{}\n{}",
                                          parts.method,
                                          url_encoded(parts.path, "/"),
                                          query.empty() ? "" : query.substr(1),
                                          headers,
                                          names,
                                          parts.content_sha256);
  const std::string scope = fmt::format("{}/{}/s3/aws4_request", day, credentials.region);
  const std::string text = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", stamp, scope, sha256_text(request));
  sent.push_back({"Authorization",
                  fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                              credentials.access_key,
                              scope,
                              names,
                              signature_of(text, credentials, day))});
  return sent;
}

}  // namespace ame
