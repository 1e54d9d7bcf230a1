// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace ame {

/// JSON written as it is told, for what is written with every step of a run: a tree of values would cost more than the
/// rest of the step's book-keeping. Whoever opens something closes it; nothing checks that.
class JsonText {
 public:
  /// Room for as many bytes at first.
  explicit JsonText(std::size_t size);

  /// An object or a list: the whole, or an item of a list; with a key, a member of an object.
  JsonText& open_object();
  JsonText& open_object(std::string_view key);
  JsonText& close_object();
  JsonText& open_list();
  JsonText& open_list(std::string_view key);
  JsonText& close_list();

  /// Members of an object. Bytes that are no UTF-8 are shown as such, never a reason to lose what is told.
  JsonText& text(std::string_view key, std::string_view value);
  JsonText& number(std::string_view key, std::int64_t value);
  JsonText& flag(std::string_view key, bool value);

  JsonText& texts(std::string_view key, const std::vector<std::string>& values);
  JsonText& value(std::string_view key, const nlohmann::ordered_json& value);

  /// A text in a list.
  JsonText& item(std::string_view value);

  /// With its end of line.
  std::string finish() &&;

 private:
  void begin();
  void begin(std::string_view key);
  void quote(std::string_view value);

  std::string text_;
};

/// On one line. Bytes that are no UTF-8 are shown as such.
std::string text_of(const nlohmann::ordered_json& json);

}  // namespace ame
