// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/model/secret_text.hpp"
#include "core/ports/http.hpp"

namespace ame::clusters {

/// Why the server of an engine did not do what it was asked.
struct ServerFault {
  enum class Kind : std::uint8_t {
    unanswered,  ///< no answer was had, or one that makes no sense: it may be done all the same
    busy,        ///< 429, other 5xx: another time; it may be done all the same, but for 429 and 503
    denied,      ///< 401, 403, 511: not with these credentials
    absent,      ///< 404: there is no such thing
    refused,     ///< another 4xx: never
  };

  Kind kind = Kind::unanswered;
  std::string reason;                             ///< "answers 429 (slow down)", "nobody listens there"
  std::optional<std::chrono::seconds> wait = {};  ///< that it asks for
  bool may_be_done = false;                       ///< although it was not told so

  /// Whether asking once more may help.
  [[nodiscard]] bool is_passing() const { return kind == Kind::unanswered || kind == Kind::busy; }
};

template <class Value>
using ServerResult = std::variant<Value, ServerFault>;

/// Of an answer that is no success; `said` is what its body says, and may be empty.
ServerFault fault_of(const HttpResponse& response, const std::string& said);

ServerFault fault_of(const HttpFailure& failure);

/// It did something, and what it says of it is not what it should. `of` is whose answers it should give: "TES".
ServerFault senseless_answer(const std::string& of);

/// The first line of what a server says, without what is no letter, and not endless.
std::string plain_words(std::string_view text);

/// Sends a request whose body is JSON, as that of the answer is to be, with a header that says who asks and that is
/// wiped then; an empty value sends none.
HttpResult send_json(Http& http, HttpRequest request, const char* header, const SecretText& credentials);

/// Of a question whose answer says no more than that it is done.
ServerResult<std::monostate> done(const ServerResult<std::string>& answer);

/// What `read`, which gives none for what makes no sense, finds in an answer.
template <class Value, class Read>
ServerResult<Value> understood(ServerResult<std::string> answer, const std::string& of, Read read) {
  if (auto* const fault = std::get_if<ServerFault>(&answer)) {
    return std::move(*fault);
  }
  std::optional<Value> value = read(std::get<std::string>(answer));
  if (!value) {
    return senseless_answer(of);
  }
  return *std::move(value);
}

}  // namespace ame::clusters
