// SPDX-License-Identifier: Apache-2.0
#include "core/system/azure_signature.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/system/sha256.hpp"

#include <nettle/base64.h>

namespace ame {

namespace {

constexpr const char* version = "2020-10-02";

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(BASE64_DECODE_LENGTH(text.size()), '\0');
  base64_decode_ctx state{};
  ::base64_decode_init(&state);
  std::size_t size = bytes.size();
  const bool is_good =
      ::base64_decode_update(&state, &size, reinterpret_cast<std::uint8_t*>(bytes.data()), text.size(), text.data()) ==
          1 &&
      ::base64_decode_final(&state) == 1;
  bytes.resize(is_good ? size : 0);
  return is_good ? std::optional(std::move(bytes)) : std::nullopt;
}

/// As in RFC 9110, "Wed, 25 Nov 2026 21:32:25 GMT".
std::string date_of(UtcTime now) {
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(seconds));
}

std::string value_of(const std::vector<HttpHeader>& headers, std::string_view name) {
  const auto found = std::ranges::find(headers, name, &HttpHeader::name);
  return found == headers.end() ? std::string() : found->value;
}

/// Azure's own headers, each on a line, sorted.
std::string own_headers(std::vector<HttpHeader> headers) {
  std::erase_if(headers, [](const HttpHeader& header) { return !header.name.starts_with("x-ms-"); });
  std::ranges::sort(headers, {}, &HttpHeader::name);
  std::string text;
  for (const HttpHeader& header : headers) {
    text += fmt::format("{}:{}\n", header.name, header.value);
  }
  return text;
}

std::string resource_of(const AzureParts& parts, const std::string& account) {
  std::string text = fmt::format("/{}{}", account, parts.path);
  QueryParameters query = parts.query;
  std::ranges::sort(query);
  for (const auto& [name, value] : query) {
    text += fmt::format("\n{}:{}", name, value);
  }
  return text;
}

std::string signed_text(const AzureParts& parts, const std::string& account) {
  // The date is empty, since x-ms-date stands for it; no condition is ever asked for.
  constexpr std::string_view date_and_conditions = "\n\n\n\n\n";
  return fmt::format("{}\n\n\n{}\n{}\n{}\n{}{}\n{}{}",
                     parts.method,
                     parts.content_size == 0 ? std::string() : std::to_string(parts.content_size),
                     value_of(parts.headers, "Content-MD5"),
                     value_of(parts.headers, "Content-Type"),
                     date_and_conditions,
                     value_of(parts.headers, "Range"),
                     own_headers(parts.headers),
                     resource_of(parts, account));
}

}  // namespace

std::string base64_text(std::string_view bytes) {
  std::string text(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
  ::base64_encode_raw(text.data(), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  return text;
}

bool is_base64(std::string_view text) {
  return from_base64(text).has_value();
}

std::vector<HttpHeader> azure_headers(AzureParts parts, const AzureCredentials& credentials, UtcTime now) {
  parts.headers.push_back({"x-ms-version", version});
  parts.headers.push_back({"x-ms-date", date_of(now)});
  if (credentials.sas.empty()) {
    const std::string key = from_base64(credentials.key).value_or("");
    const Sha256::Bytes signature = hmac_sha256(key, signed_text(parts, credentials.account));
    parts.headers.push_back(
        {"Authorization",
         fmt::format("SharedKey {}:{}",
                     credentials.account,
                     base64_text({reinterpret_cast<const char*>(signature.data()), signature.size()}))});
  }
  return std::move(parts.headers);
}

}  // namespace ame
