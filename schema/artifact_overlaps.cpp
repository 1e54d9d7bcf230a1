// SPDX-License-Identifier: Apache-2.0
#include "schema/artifact_overlaps.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace ame::schema {

namespace {

/// What a pipeline keeps beyond so many paths is not looked at: nobody reads a warning about it.
constexpr std::size_t most_paths = 2'000;

struct KeptPath {
  std::string key;  ///< directory and path, so that a directory sorts right before what is in it
  std::string path;
  const Task* step = nullptr;
  std::size_t chain = 0;
};

std::string key_of(const Task& step, const std::string& path) {
  const std::filesystem::path whole = (step.project_directory / step.working_directory / path).lexically_normal();
  std::string key = whole.string();
  if (key.ends_with('/')) {
    key.pop_back();
  }
  std::ranges::replace(key, '/', '\0');
  return key;
}

/// Whether the first is the second, or a directory above it.
bool holds(const KeptPath& above, const KeptPath& path) {
  return path.key.starts_with(above.key) && (path.key.size() == above.key.size() || path.key[above.key.size()] == '\0');
}

struct Overlap {
  KeptPath first;
  KeptPath second;
};

class OverlapSearch {
 public:
  explicit OverlapSearch(Decoding& decoding)
      : decoding_(decoding) {}

  /// The paths that a task keeps, and its parts.
  const std::vector<KeptPath>& kept_by(const Task& task) {
    if (const auto known = kept_.find(&task); known != kept_.end()) {
      return known->second;
    }
    std::vector<KeptPath> kept;
    if (const auto* pipeline = std::get_if<Pipeline>(&task.work)) {
      for (const Stage& stage : pipeline->stages) {
        look_at(stage, kept);
      }
      kept.resize(std::min(kept.size(), most_paths));
    } else {
      for (const ArtifactPath& path : task.artifacts.paths) {
        kept.push_back({.key = key_of(task, path.path), .path = path.path, .step = &task});
      }
    }
    return kept_.emplace(&task, std::move(kept)).first->second;
  }

 private:
  /// Adds what the stage keeps.
  void look_at(const Stage& stage, std::vector<KeptPath>& kept) {
    const std::size_t before = kept.size();
    for (std::size_t chain = 0; chain < stage.size(); ++chain) {
      for (const auto& task : stage[chain]) {
        for (const KeptPath& path : kept_by(*task)) {
          kept.push_back(path);
          kept.back().chain = chain;
        }
      }
    }
    if (stage.size() > 1 && kept.size() - before > 1) {
      if (const auto overlap = first_overlap({kept.begin() + static_cast<std::ptrdiff_t>(before), kept.end()})) {
        warn(*overlap);
      }
    }
  }

  static std::optional<Overlap> first_overlap(std::vector<KeptPath> kept) {
    std::ranges::stable_sort(kept, {}, &KeptPath::key);
    std::vector<const KeptPath*> above;
    for (const KeptPath& path : kept) {
      while (!above.empty() && !holds(*above.back(), path)) {
        above.pop_back();
      }
      for (const KeptPath* other : above) {
        if (other->chain != path.chain) {
          return Overlap{*other, path};
        }
      }
      above.push_back(&path);
    }
    return std::nullopt;
  }

  void warn(const Overlap& overlap) {
    const auto& [first, second] = overlap;
    if (!warned_.insert(second.step).second) {
      return;
    }
    const std::string what = first.path == second.path ? fmt::format("`{}`", first.path)
                                                       : fmt::format("`{}` and `{}`", first.path, second.path);
    const Spot where = decoding_.sources.spot_of(second.step->where);
    const Spot other = decoding_.sources.spot_of(first.step->where);
    decoding_.problems.warning(
        {.where = where,
         .message = fmt::format(
             "`{}` and `{}` run at once and both keep {}", first.step->name.text(), second.step->name.text(), what),
         .hint = "let each write to a place of its own, or run them one after the other",
         .related = where == other ? std::vector<RelatedSpot>() : std::vector<RelatedSpot>{{"the other one", other}}});
  }

  Decoding& decoding_;
  std::unordered_map<const Task*, std::vector<KeptPath>> kept_;
  std::unordered_set<const Task*> warned_;
};

}  // namespace

void warn_of_artifact_overlaps(const std::vector<std::shared_ptr<const Task>>& tasks, Decoding& decoding) {
  OverlapSearch search(decoding);
  for (const auto& task : tasks) {
    if (std::holds_alternative<Pipeline>(task->work)) {
      search.kept_by(*task);
    }
  }
}

}  // namespace ame::schema
