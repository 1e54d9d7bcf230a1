// SPDX-License-Identifier: Apache-2.0
#include "core/system/json_text.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ame {

namespace {

/// All of them are looked at, since that is quicker than to stop at the first.
bool is_plain(std::string_view text) {
  bool is_odd = false;
  for (const char c : text) {
    is_odd |= (c < ' ') | (c > '~') | (c == '"') | (c == '\\');
  }
  return !is_odd;
}

}  // namespace

JsonText::JsonText(std::size_t size) {
  text_.reserve(size);
}

JsonText& JsonText::open_object() {
  begin();
  text_ += '{';
  return *this;
}

JsonText& JsonText::open_object(std::string_view key) {
  begin(key);
  text_ += '{';
  return *this;
}

JsonText& JsonText::close_object() {
  text_ += '}';
  return *this;
}

JsonText& JsonText::open_list() {
  begin();
  text_ += '[';
  return *this;
}

JsonText& JsonText::open_list(std::string_view key) {
  begin(key);
  text_ += '[';
  return *this;
}

JsonText& JsonText::close_list() {
  text_ += ']';
  return *this;
}

JsonText& JsonText::text(std::string_view key, std::string_view value) {
  begin(key);
  quote(value);
  return *this;
}

JsonText& JsonText::number(std::string_view key, std::int64_t value) {
  begin(key);
  const fmt::format_int digits(value);
  text_.append(digits.data(), digits.size());
  return *this;
}

JsonText& JsonText::flag(std::string_view key, bool value) {
  begin(key);
  text_ += value ? "true" : "false";
  return *this;
}

JsonText& JsonText::texts(std::string_view key, const std::vector<std::string>& values) {
  open_list(key);
  for (const std::string& value : values) {
    item(value);
  }
  return close_list();
}

JsonText& JsonText::value(std::string_view key, const nlohmann::ordered_json& value) {
  begin(key);
  text_ += text_of(value);
  return *this;
}

JsonText& JsonText::item(std::string_view value) {
  begin();
  quote(value);
  return *this;
}

std::string JsonText::finish() && {
  text_ += '\n';
  return std::move(text_);
}

/// No value ends in one of these, since texts end in a quote.
void JsonText::begin() {
  if (!text_.empty() && text_.back() != '{' && text_.back() != '[') {
    text_ += ',';
  }
}

void JsonText::begin(std::string_view key) {
  begin();
  text_ += '"';
  text_ += key;
  text_ += "\":";
}

void JsonText::quote(std::string_view value) {
  if (is_plain(value)) {
    text_ += '"';
    text_ += value;
    text_ += '"';
    return;
  }
  text_ += text_of(value);
}

std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace ame
