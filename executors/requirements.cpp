// SPDX-License-Identifier: Apache-2.0
#include "executors/requirements.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"
#include "executors/local_package.hpp"

namespace ame::executors {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// A `#` at the start or after a blank begins a comment; inside a URL it does not.
std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || blanks.find(line[at - 1]) != std::string_view::npos) {
      return line.substr(0, at);
    }
  }
  return line;
}

/// The value of an option in one of its spellings: `-r x`, `-rx`, `--requirement x`, `--requirement=x`.
std::optional<std::string> value_of(std::string_view line, std::string_view brief, std::string_view full) {
  if (line.starts_with(full)) {
    const std::string_view rest = line.substr(full.size());
    if (rest.starts_with('=') || (!rest.empty() && blanks.find(rest.front()) != std::string_view::npos)) {
      return std::string(trimmed(rest.substr(1)));
    }
    return std::nullopt;
  }
  const bool is_brief = line.starts_with(brief) && line.size() > brief.size();
  return is_brief ? std::optional(std::string(trimmed(line.substr(brief.size())))) : std::nullopt;
}

bool is_local(std::string_view text) {
  if (text.starts_with("file:") || text.starts_with('.') || text.starts_with('/') || text.starts_with('~')) {
    return true;
  }
  const std::string_view path = text.substr(0, text.find_first_of(" ;"));
  return path.find("://") == std::string_view::npos &&
         (path.ends_with(".whl") || path.ends_with(".zip") || path.ends_with(".tar.gz"));
}

std::string normal_name(std::string_view text) {
  std::string name;
  for (const char letter : text) {
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0) {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    } else if (letter == '-' || letter == '_' || letter == '.') {
      name += name.ends_with('-') ? "" : "-";
    } else {
      break;
    }
  }
  return name;
}

/// A moving thing is a branch of a repository, or a range of versions.
bool is_pinned(std::string_view requirement) {
  if (const std::size_t at = requirement.find("://"); at != std::string_view::npos) {
    const bool is_repository =
        requirement.find("git+") < at || requirement.find("hg+") < at || requirement.find("svn+") < at;
    const std::size_t path = requirement.find('/', at + 3);
    return !is_repository || (path != std::string_view::npos && requirement.find('@', path) != std::string_view::npos);
  }
  const std::string_view bounds = requirement.substr(0, requirement.find(';'));
  const std::size_t equal = bounds.find("==");
  return equal != std::string_view::npos && bounds.find('*', equal) == std::string_view::npos;
}

/// `./lib[extra] ; marker` leads to `./lib`.
std::string local_path(std::string_view text) {
  if (text.starts_with("file:")) {
    text.remove_prefix(5);
    text.remove_prefix(std::min(text.find_first_not_of('/'), text.size()) > 1 ? 2 : 0);
  }
  return std::string(trimmed(text.substr(0, text.find_first_of(";[#"))));
}

Requirement requirement_of(std::string_view line, int number) {
  using Kind = RequirementKind;

  struct Option {
    const char* brief;
    const char* full;
    Kind kind;
  };

  constexpr std::array<Option, 3> options = {{{"-r", "--requirement", Kind::requirements},
                                              {"-c", "--constraint", Kind::constraints},
                                              {"-e", "--editable", Kind::local_editable}}};
  for (const Option& option : options) {
    if (std::optional<std::string> value = value_of(line, option.brief, option.full)) {
      const bool is_remote = option.kind == Kind::local_editable && value->find("://") != std::string::npos;
      if (!is_remote) {
        const bool is_path = option.kind == Kind::local_editable;
        return {.kind = option.kind, .text = is_path ? local_path(*value) : *std::move(value), .line = number};
      }
      return {.text = *value, .name = *value, .pinned = is_pinned(*value), .line = number};
    }
  }
  if (line.starts_with('-')) {
    return {.kind = Kind::option, .text = std::string(line), .line = number};
  }
  const std::size_t at_file = line.find("@ file:");
  if (is_local(line) || at_file != std::string_view::npos) {
    const std::string_view path = at_file == std::string_view::npos ? line : line.substr(at_file + 2);
    return {.kind = Kind::local, .text = local_path(path), .line = number};
  }
  return {.text = std::string(line), .name = normal_name(line), .pinned = is_pinned(line), .line = number};
}

/// Walks from one file to all that it names.
class Walk {
 public:
  explicit Walk(const ProjectFolder& folder)
      : folder_(&folder) {}

  void follow(const fs::path& file, const Place& named_at) {
    if (!seen_.insert(file.lexically_normal()).second) {
      return;
    }
    const auto source = folder_->has(file) ? folder_->read(file) : nullptr;
    if (!source) {
      throw Error(ExitCode::bad_project,
                  Diagnostic{.message = fmt::format("`{}` is named here, and there is no such file", file.string()),
                             .where = span_of(named_at)});
    }
    found_.inputs.push_back(folder_->input(file));
    for (const Requirement& requirement : parse_requirements(source->text)) {
      take(requirement, {.source = source, .line = requirement.line, .column = 1}, file);
    }
  }

  RequirementFiles finish() && {
    std::vector<RelatedPlace> places;
    for (auto& [name, place] : moving_) {
      if (!limited_.contains(name)) {
        places.push_back({.message = "and here", .where = span_of(place)});
      }
    }
    if (!places.empty()) {
      Diagnostic warning{.severity = Severity::warning,
                         .message = fmt::format("{} not pinned to one version",
                                                places.size() == 1 ? "1 requirement is"
                                                                   : fmt::format("{} requirements are", places.size())),
                         .where = places.front().where,
                         .hint = "write `name==version`, so that the task runs tomorrow with what it runs with today"};
      warning.related.assign(places.begin() + 1, places.end());
      found_.warnings.push_back(std::move(warning));
    }
    return std::move(found_);
  }

 private:
  void take(const Requirement& requirement, Place place, const fs::path& file) {
    switch (requirement.kind) {
      case RequirementKind::requirements:
        follow(file.parent_path() / requirement.text, place);
        return;
      case RequirementKind::constraints:
        ++constraints_depth_;
        follow(file.parent_path() / requirement.text, place);
        --constraints_depth_;
        return;
      case RequirementKind::local_editable:
      case RequirementKind::local:
        take_local(requirement);
        return;
      case RequirementKind::package:
        take_package(requirement, std::move(place));
        return;
      case RequirementKind::option:
        found_.has_options = true;
        return;
    }
  }

  void take_local(const Requirement& requirement) {
    const bool editable = requirement.kind == RequirementKind::local_editable;
    found_.has_editable = found_.has_editable || editable;
    for (const fs::path& path : files_of_package(folder_->files(),
                                                 folder_->absolute(requirement.text),
                                                 editable ? PackageUse::editable : PackageUse::copied)) {
      found_.inputs.push_back(folder_->input(path.empty() ? fs::path(requirement.text) : requirement.text / path));
    }
  }

  void take_package(const Requirement& requirement, Place place) {
    for (std::size_t at = requirement.text.find(" --"); at != std::string::npos;
         at = requirement.text.find(" --", at + 1)) {
      found_.has_options = found_.has_options || requirement.text.compare(at, 8, " --hash=") != 0;
    }
    if (constraints_depth_ > 0) {
      if (requirement.pinned) {
        limited_.insert(requirement.name);
      }
    } else if (!requirement.pinned) {
      place.length = static_cast<int>(requirement.text.size());
      moving_.emplace_back(requirement.name, std::move(place));
    }
  }

  const ProjectFolder* folder_;
  RequirementFiles found_;
  std::set<fs::path> seen_;
  std::set<std::string> limited_;  ///< pinned by a constraints file
  std::vector<std::pair<std::string, Place>> moving_;
  int constraints_depth_ = 0;
};

}  // namespace

std::vector<Requirement> parse_requirements(std::string_view text) {
  std::vector<Requirement> requirements;
  std::string logical;
  int number = 0;
  int start = 1;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    if (logical.empty()) {
      start = number;
    }
    const bool goes_on = line.ends_with('\\') && !text.empty();
    logical += goes_on ? line.substr(0, line.size() - 1) : line;
    if (goes_on) {
      continue;
    }
    const std::string_view content = trimmed(without_comment(logical));
    if (!content.empty()) {
      requirements.push_back(requirement_of(content, start));
    }
    logical.clear();
  }
  return requirements;
}

RequirementFiles follow_requirements(const ProjectFolder& folder, const fs::path& file) {
  Walk walk(folder);
  walk.follow(file, executor_of(folder.step()).where);
  return std::move(walk).finish();
}

}  // namespace ame::executors
