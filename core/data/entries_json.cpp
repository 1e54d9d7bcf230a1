// SPDX-License-Identifier: Apache-2.0
#include "core/data/entries_json.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace ame {

using nlohmann::json;

namespace {

bool is_utf8(const std::string& text) {
  if (std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; })) {
    return true;
  }
  try {
    return !json(text).dump().empty();
  } catch (const json::exception&) {
    return false;
  }
}

std::string bytes_from(const std::string& digits) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    unsigned value = 0;
    std::from_chars(digits.data() + at, digits.data() + at + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace

json text_json(const std::string& text) {
  if (is_utf8(text)) {
    return text;
  }
  std::string digits;
  for (const char byte : text) {
    digits += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return {{"bytes", digits}};
}

std::string text_from(const json& value) {
  return value.is_object() ? bytes_from(value.at("bytes").get<std::string>()) : value.get<std::string>();
}

json entries_json(const std::vector<ManifestEntry>& entries) {
  json list = json::array();
  for (const ManifestEntry& entry : entries) {
    json object = {{"path", text_json(entry.path)}, {"mode", fmt::format("{:04o}", entry.mode)}};
    if (entry.kind == TreeEntryKind::link) {
      object["link"] = text_json(entry.target);
    } else {
      object["size"] = entry.size;
      object["sha256"] = entry.hash;
    }
    list.push_back(std::move(object));
  }
  return list;
}

std::vector<ManifestEntry> entries_from(const json& list) {
  std::vector<ManifestEntry> entries;
  entries.reserve(list.size());
  for (const json& object : list) {
    ManifestEntry entry{.path = text_from(object.at("path"))};
    const auto mode = object.at("mode").get<std::string>();
    std::from_chars(mode.data(), mode.data() + mode.size(), entry.mode, 8);
    if (object.contains("link")) {
      entry.kind = TreeEntryKind::link;
      entry.target = text_from(object.at("link"));
    } else {
      object.at("size").get_to(entry.size);
      object.at("sha256").get_to(entry.hash);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

json parts_json(const std::vector<KeyPart>& parts) {
  json list = json::array();
  for (const KeyPart& part : parts) {
    list.push_back({{"name", text_json(part.name)}, {"digest", part.digest}});
  }
  return list;
}

std::vector<KeyPart> parts_from(const json& list) {
  std::vector<KeyPart> parts;
  parts.reserve(list.size());
  for (const json& part : list) {
    parts.push_back({.name = text_from(part.at("name")), .digest = part.at("digest").get<std::string>()});
  }
  return parts;
}

std::int64_t microseconds_of(UtcTime time) {
  return time.time_since_epoch().count();
}

UtcTime time_from(std::int64_t microseconds) {
  return UtcTime(std::chrono::microseconds(microseconds));
}

}  // namespace ame
