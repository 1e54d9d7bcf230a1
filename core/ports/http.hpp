// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ame {

struct HttpHeader {
  std::string name;
  std::string value;

  bool operator==(const HttpHeader&) const = default;
};

/// A body that is too large to hold: `size` bytes, asked for piece by piece.
struct HttpUpload {
  std::uint64_t size = 0;

  /// Fills the room and returns how many bytes it put there; 0 only at the end. What it throws ends the transfer and
  /// comes out of send().
  std::function<std::size_t(std::span<char> room)> read;

  /// Back to the first byte: the transfer begins anew on another connection. Without it such a transfer fails.
  std::function<void()> rewind;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;                  ///< `http://` or `https://`, encoded; it is sent as it stands
  std::vector<HttpHeader> headers;  ///< an empty value sends an empty header
  std::string body;                 ///< unless there is an upload
  std::optional<HttpUpload> upload;

  /// Takes the body of an answer whose status is 2xx, piece by piece. Without it the body is kept in the response. What
  /// it throws ends the transfer and comes out of send().
  std::function<void(std::string_view bytes)> download;

  std::uint64_t largest_body = 64ULL << 20U;  ///< of an answer that is kept; what is longer is HttpFault::too_large

  std::filesystem::path ca_file;  ///< certificates to trust instead of the system's; empty: the system's
  std::chrono::milliseconds connect_within{10'000};
  std::chrono::milliseconds idle_within{60'000};         ///< without any byte in either direction
  std::optional<std::chrono::milliseconds> done_within;  ///< everything together; none: as long as bytes move

  /// Asked a few times each second; true ends the transfer as HttpFault::cancelled.
  std::function<bool()> is_cancelled;
};

struct HttpResponse {
  int status = 0;                   ///< of the last answer: 100 to 599
  std::vector<HttpHeader> headers;  ///< names in lower case
  std::string body;

  /// 2xx.
  [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }

  /// The first of that name, given in lower case; empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

enum class HttpFault {
  bad_url,       ///< is none, or is neither http nor https
  unknown_host,  ///< the name does not resolve
  unreachable,   ///< nobody listens, or the network does not lead there
  untrusted,     ///< TLS: the certificate is not trusted, is for another name, has expired
  bad_ca_file,   ///< the file with certificates cannot be read or holds none
  tls,           ///< no agreement on TLS otherwise
  timed_out,     ///< one of the three limits
  broken,        ///< the connection ended in the middle, or what came is no HTTP
  too_large,
  cancelled,
};

/// No answer was had. The reason is a phrase in lower case that holds no header, no query and no body.
struct HttpFailure {
  HttpFault fault = HttpFault::broken;
  std::string reason;  ///< "the certificate is not trusted: self-signed certificate"
};

using HttpResult = std::variant<HttpResponse, HttpFailure>;

/// Sends requests over HTTP and HTTPS. Certificates are always verified, TLS is 1.2 or newer. Redirects are answers
/// like others and are not followed: credentials go to no other place than the caller says. Nothing is sent twice by
/// itself, and nothing of a request is ever logged. Connections are kept and used again. Proxies are those of the
/// environment, as curl reads it, but for this machine itself. Any number of threads may send at once.
class Http {
 public:
  virtual ~Http() = default;

  virtual HttpResult send(const HttpRequest& request) = 0;
};

/// Each byte that is not a letter, a digit, `-`, `_`, `.` or `~` as %XX; and not one of `also_kept`.
std::string url_encoded(std::string_view text, std::string_view also_kept = {});

/// Names and values, not encoded.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// `?a=1&b=` with names and values encoded, sorted as servers want what is signed; empty without parameters.
std::string query_text(QueryParameters query);

/// Whether requests to this address stay on this machine or are encrypted. `http://` to another machine is neither.
bool is_private_address(std::string_view url);

}  // namespace ame
