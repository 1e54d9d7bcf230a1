// SPDX-License-Identifier: Apache-2.0
#include "core/system/event_line.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ame {

namespace {

constexpr std::size_t usual_size = 320;

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

}  // namespace

EventLine::EventLine(std::string_view event) {
  line_.reserve(usual_size);
  line_ = R"({"event":)";
  quote(event);
}

EventLine& EventLine::text(std::string_view key, std::string_view value) {
  begin(key);
  quote(value);
  return *this;
}

EventLine& EventLine::number(std::string_view key, std::int64_t value) {
  begin(key);
  fmt::format_to(std::back_inserter(line_), "{}", value);
  return *this;
}

EventLine& EventLine::flag(std::string_view key, bool value) {
  begin(key);
  line_ += value ? "true" : "false";
  return *this;
}

std::string EventLine::finish() && {
  line_ += "}\n";
  return std::move(line_);
}

void EventLine::begin(std::string_view key) {
  line_ += ",\"";
  line_ += key;
  line_ += "\":";
}

void EventLine::quote(std::string_view value) {
  if (std::ranges::all_of(value, is_plain)) {
    line_ += '"';
    line_ += value;
    line_ += '"';
    return;
  }
  line_ += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace ame
