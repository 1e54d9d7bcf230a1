// SPDX-License-Identifier: Apache-2.0
#include "cli/render/artifact_text.hpp"

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"
#include "cli/render/time_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::uint64_t bytes_of(const Manifest& manifest) {
  std::uint64_t bytes = 0;
  for (const ManifestEntry& entry : manifest.entries) {
    bytes += entry.size;
  }
  return bytes;
}

const char* word_of(Difference difference) {
  switch (difference) {
    case Difference::added:
      return "added";
    case Difference::removed:
      return "removed";
    case Difference::changed:
      return "changed";
  }
  return "";
}

Json json_of(const ManifestEntry& entry) {
  const bool is_link = entry.kind == TreeEntryKind::link;
  return {{"path", entry.path},
          {"size", is_link ? Json(nullptr) : Json(entry.size)},
          {"sha256", text_or_null(entry.hash)},
          {"mode", fmt::format("{:04o}", entry.mode)},
          {"link", text_or_null(entry.target)}};
}

Json json_of(const Manifest& manifest) {
  Json files = Json::array();
  for (const ManifestEntry& entry : manifest.entries) {
    files.push_back(json_of(entry));
  }
  return {{"project", manifest.project.text()},
          {"task", manifest.task},
          {"run", manifest.run.number},
          {"step", manifest.step.text()},
          {"created", utc_text(manifest.created)},
          {"size", bytes_of(manifest)},
          {"files", files},
          {"deleted", manifest.deleted}};
}

}  // namespace

std::string kept_steps_text(const std::vector<Manifest>& manifests, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const Manifest& manifest : manifests) {
    rows.push_back({{fmt::format("{}", manifest.run.number)},
                    {manifest.step.text()},
                    {fmt::format("{}", manifest.entries.size())},
                    {bytes_text(bytes_of(manifest))},
                    {local_text(manifest.created)},
                    {manifest.project.text()}});
  }
  return table_text({"Run", "Step", "Files", "Size", "Kept", "Project"}, rows, paint);
}

std::string kept_files_text(const Manifest& files, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const ManifestEntry& entry : files.entries) {
    const bool is_link = entry.kind == TreeEntryKind::link;
    rows.push_back({{fmt::format("{:04o}", entry.mode), Style::dim},
                    {is_link ? "link" : bytes_text(entry.size)},
                    {is_link ? fmt::format("{} -> {}", entry.path, entry.target) : entry.path}});
  }
  for (const std::string& path : files.deleted) {
    rows.push_back({{"-", Style::dim}, {"deleted", Style::warning}, {path}});
  }
  return table_text({"Mode", "Size", "File"}, rows, paint);
}

std::string manifests_json(const std::vector<Manifest>& manifests) {
  Json list = Json::array();
  for (const Manifest& manifest : manifests) {
    list.push_back(json_of(manifest));
  }
  return document_text({{"manifests", list}});
}

std::string differences_text(const std::vector<ManifestDifference>& differences, const Painter& paint) {
  std::string text;
  for (const ManifestDifference& difference : differences) {
    switch (difference.difference) {
      case Difference::added:
        text += paint(Style::good, "+ " + difference.path) + "\n";
        break;
      case Difference::removed:
        text += paint(Style::error, "- " + difference.path) + "\n";
        break;
      case Difference::changed:
        text += paint(Style::warning, "~ " + difference.path) + "\n";
        break;
    }
  }
  return text;
}

std::string differences_json(const std::vector<ManifestDifference>& differences) {
  Json list = Json::array();
  for (const ManifestDifference& difference : differences) {
    list.push_back({{"path", difference.path}, {"difference", word_of(difference.difference)}});
  }
  return document_text({{"differences", list}});
}

}  // namespace ame::cli
