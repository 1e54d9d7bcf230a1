// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/environment_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/table.hpp"
#include "cli/render/text_width.hpp"
#include "cli/render/time_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::string ago_text(UtcTime time, UtcTime now) {
  return now - time < std::chrono::seconds(1) ? "now" : elapsed_text(now - time) + " ago";
}

Json parts_json(const std::vector<KeyPart>& parts) {
  Json list = Json::array();
  for (const KeyPart& part : parts) {
    list.push_back({{"name", part.name}, {"digest", part.digest}});
  }
  return list;
}

Json json_of(const ListedEnvironment& listed) {
  const EnvironmentRecord& record = listed.kept.record;
  return {{"key", record.key},
          {"directory", listed.kept.directory.string()},
          {"manager", record.manager},
          {"python", record.python},
          {"python_version", record.python_version},
          {"tool", text_or_null(record.tool)},
          {"tool_version", text_or_null(record.tool_version)},
          {"installer", record.installer},
          {"project", record.project},
          {"created", record.created},
          {"seconds", record.seconds},
          {"bytes", record.bytes},
          {"last_use", utc_text(listed.kept.last_use)},
          {"used_by", listed.users},
          {"parts", parts_json(record.parts)}};
}

/// What shapes one and not the other, or both in different ways.
std::vector<std::string> changed_parts(const std::vector<KeyPart>& now, const std::vector<KeyPart>& before) {
  std::vector<std::string> names;
  for (const KeyPart& part : now) {
    if (std::ranges::find(before, part) == before.end()) {
      names.push_back(part.name);
    }
  }
  for (const KeyPart& part : before) {
    if (std::ranges::find(now, part.name, &KeyPart::name) == now.end()) {
      names.push_back(part.name);
    }
  }
  return names;
}

std::string parts_text(const std::vector<KeyPart>& parts, const std::string& indent) {
  constexpr std::size_t digits = 12;
  std::size_t width = 0;
  for (const KeyPart& part : parts) {
    width = std::max(width, part.name.size());
  }
  std::string text;
  for (const KeyPart& part : parts) {
    text += fmt::format("{}{:<{}}  {}\n", indent, visible(part.name), width, part.digest.substr(0, digits));
  }
  return text;
}

}  // namespace

std::string bytes_text(std::int64_t bytes) {
  constexpr double mega = 1e6;
  const auto amount = static_cast<double>(bytes);
  return amount < 1000 * mega ? fmt::format("{:.1f} MB", amount / mega)
                              : fmt::format("{:.1f} GB", amount / mega / 1000);
}

std::string environments_text(const std::vector<ListedEnvironment>& listed,
                              std::int64_t wheels,
                              UtcTime now,
                              const Painter& paint) {
  std::vector<TableRow> rows;
  std::int64_t bytes = 0;
  for (const ListedEnvironment& one : listed) {
    const EnvironmentRecord& record = one.kept.record;
    bytes += record.bytes;
    rows.push_back({{record.key},
                    {record.python_version},
                    {bytes_text(record.bytes)},
                    {record.installer},
                    {one.users.empty() ? ago_text(one.kept.last_use, now) : "now"},
                    {one.users.empty() ? "-" : fmt::format("{}", fmt::join(one.users, ", "))},
                    {visible(record.project)}});
  }
  std::string sum = fmt::format("{}, {}; {} of wheels are kept to make others from\n",
                                counted(listed.size(), "environment"),
                                bytes_text(bytes),
                                bytes_text(wheels));
  if (rows.empty()) {
    return sum;
  }
  return table_text({"Key", "Python", "Size", "Installer", "Last use", "Used by", "Project"}, rows, paint) + sum;
}

std::string environments_json(const std::vector<ListedEnvironment>& listed, std::int64_t wheels) {
  Json list = Json::array();
  for (const ListedEnvironment& one : listed) {
    list.push_back(json_of(one));
  }
  return document_text({{"environments", list}, {"wheels_bytes", wheels}});
}

std::string environment_text(const ListedEnvironment& listed) {
  const EnvironmentRecord& record = listed.kept.record;
  std::string out;
  const auto add = [&out](const char* label, const std::string& text) {
    if (!text.empty()) {
      out += fmt::format("{:<11} {}\n", label, visible(text));
    }
  };
  add("key:", record.key);
  add("directory:", listed.kept.directory.string());
  add("python:", fmt::format("{} ({})", record.python_version, record.python));
  add("manager:", record.manager + (record.tool_version.empty() ? "" : " " + record.tool_version));
  add("installer:", record.installer);
  add("project:", record.project);
  add("made:", fmt::format("{} in {:.1f} s", record.created, record.seconds));
  add("size:", bytes_text(record.bytes));
  add("last use:", local_text(listed.kept.last_use));
  add("used by:", listed.users.empty() ? "nobody" : fmt::format("{}", fmt::join(listed.users, ", ")));
  return out + "shaped by:\n" + parts_text(record.parts, "  ");
}

std::string environment_json(const ListedEnvironment& listed) {
  return document_text(json_of(listed));
}

std::string why_text(const TaskEnvironment& environment) {
  const std::string whose = environment.step.empty() ? "" : fmt::format(" of `{}`", environment.step);
  if (!environment.mistake.empty()) {
    return fmt::format("# environment{}: none can be made here: {}\n", whose, environment.mistake);
  }
  if (!environment.meant) {
    return fmt::format("# environment{}: not made yet; the first run finds out which it is\n", whose);
  }
  const MeantEnvironment& meant = *environment.meant;
  std::string text = fmt::format("# environment{}: {}", whose, meant.key);
  if (environment.kept) {
    const EnvironmentRecord& record = environment.kept->record;
    text += fmt::format(", made by {} on {}, {}\n#   in {}\n",
                        record.installer,
                        record.created,
                        bytes_text(record.bytes),
                        environment.kept->directory.string());
  } else {
    text += ", not made yet\n";
  }
  const PythonRequest& wanted = environment.plan.python;
  text += fmt::format("#   Python {} ({}): {}\n",
                      meant.python.version.text(),
                      meant.python.program.string(),
                      wanted.constraint.empty()
                          ? "the newest here, for none is asked for"
                          : fmt::format("the newest here that is `{}`, as {} asks", wanted.constraint, wanted.source));
  if (environment.earlier) {
    const std::vector<std::string> changed = changed_parts(meant.parts, environment.earlier->parts);
    text += fmt::format(
        "#   another than {}, because these changed: {}\n", environment.earlier->key, fmt::join(changed, ", "));
  }
  return text + "#   shaped by:\n" + parts_text(meant.parts, "#     ");
}

Json why_json(const TaskEnvironment& environment) {
  const auto& meant = environment.meant;
  const bool is_made = environment.kept.has_value();
  return {
      {"step", text_or_null(environment.step)},
      {"key", meant ? Json(meant->key) : Json()},
      {"made", is_made},
      {"directory", is_made ? Json(environment.kept->directory.string()) : Json()},
      {"installer", is_made ? Json(environment.kept->record.installer) : Json()},
      {"python", meant ? Json(meant->python.program.string()) : Json()},
      {"python_version", meant ? Json(meant->python.version.text()) : Json()},
      {"python_wanted", text_or_null(environment.plan.python.constraint)},
      {"python_wanted_by", text_or_null(environment.plan.python.source)},
      {"parts", parts_json(meant ? meant->parts : std::vector<KeyPart>())},
      {"earlier", environment.earlier ? Json(environment.earlier->key) : Json()},
      {"changed",
       environment.earlier && meant ? Json(changed_parts(meant->parts, environment.earlier->parts)) : Json::array()},
      {"mistake", text_or_null(environment.mistake)}};
}

}  // namespace ame::cli
