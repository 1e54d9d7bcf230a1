// SPDX-License-Identifier: Apache-2.0
#include "cli/render/doctor_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/text_width.hpp"

namespace ame::cli {

namespace {

const char* word_of(Health health) {
  switch (health) {
    case Health::good:
      return "ok";
    case Health::lacking:
      return "absent";
    case Health::broken:
      return "broken";
  }
  return "";
}

Style style_of(Health health) {
  switch (health) {
    case Health::good:
      return Style::good;
    case Health::lacking:
      return Style::warning;
    case Health::broken:
      return Style::error;
  }
  return Style::plain;
}

void add_group(std::string& out, const char* title, const std::vector<Finding>& findings, const Painter& paint) {
  std::size_t width = 0;
  for (const Finding& finding : findings) {
    width = std::max(width, finding.name.size());
  }
  out += (out.empty() ? "" : "\n") + paint(Style::bold, title) + "\n";
  for (const Finding& finding : findings) {
    const std::string word = fmt::format("{:<6}", word_of(finding.health));
    out += fmt::format(
        "  {:<{}}  {}  {}\n", finding.name, width, paint(style_of(finding.health), word), visible(finding.detail));
  }
}

Json json_of(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"name", finding.name}, {"health", word_of(finding.health)}, {"detail", finding.detail}});
  }
  return list;
}

}  // namespace

std::string doctor_text(const Examination& examination, const Painter& paint) {
  std::string out;
  add_group(out, "Pythons", examination.pythons, paint);
  add_group(out, "Tools", examination.tools, paint);
  add_group(out, "Executors", examination.executors, paint);
  add_group(out, "Places", examination.places, paint);
  if (!examination.project.empty()) {
    add_group(out, "This directory", examination.project, paint);
  }
  return out;
}

std::string doctor_json(const Examination& examination) {
  return document_text({{"pythons", json_of(examination.pythons)},
                        {"tools", json_of(examination.tools)},
                        {"executors", json_of(examination.executors)},
                        {"places", json_of(examination.places)},
                        {"project", json_of(examination.project)}});
}

std::string size_text(std::int64_t bytes) {
  constexpr std::int64_t giga = 1'000'000'000;
  return fmt::format("{}.{} GB", bytes / giga, bytes % giga / (giga / 10));
}

}  // namespace ame::cli
