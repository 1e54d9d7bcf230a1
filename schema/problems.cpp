// SPDX-License-Identifier: Apache-2.0
#include "schema/problems.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace ame::schema {

namespace {

auto order_of(const Spot& spot) {
  return std::tuple(spot.file, spot.line, spot.column);
}

/// Finds lines without reading the file again for each.
class LineTable {
 public:
  explicit LineTable(const std::string& text) {
    begins_.push_back(0);
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
      begins_.push_back(at + 1);
    }
  }

  [[nodiscard]] std::string line(const std::string& text, std::uint32_t number) const {
    if (number == 0 || number > begins_.size()) {
      return {};
    }
    const std::size_t begin = begins_[number - 1];
    return line_of(text.substr(begin, text.find('\n', begin) - begin), 1);
  }

 private:
  std::vector<std::size_t> begins_;
};

class Spans {
 public:
  explicit Spans(const Sources& sources)
      : sources_(sources) {}

  SourceSpan operator()(const Spot& spot) {
    const SourceText& source = *sources_[spot.file];
    const auto table = tables_.try_emplace(spot.file, source.text).first;
    return {.file = source.file,
            .line = static_cast<int>(spot.line),
            .column = static_cast<int>(spot.column),
            .length = static_cast<int>(spot.length),
            .line_text = table->second.line(source.text, spot.line)};
  }

 private:
  const Sources& sources_;
  std::map<std::uint16_t, LineTable> tables_;
};

/// Files quote themselves in their mistakes, and some hold a text of a million letters.
void shorten(std::string& text) {
  constexpr std::size_t longest = 4000;
  if (text.size() <= longest) {
    return;
  }
  std::size_t end = longest;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  text.resize(end);
  text += "…";
}

}  // namespace

std::uint16_t Sources::add(std::shared_ptr<const SourceText> source) {
  files_.push_back(std::move(source));
  return static_cast<std::uint16_t>(files_.size() - 1);
}

Spot Sources::spot_of(const Place& place) const {
  Spot spot;
  spot.file = static_cast<std::uint16_t>(std::ranges::find(files_, place.source) - files_.begin());
  spot.line = static_cast<std::uint32_t>(place.line);
  spot.column = static_cast<std::uint32_t>(place.column);
  spot.length = static_cast<std::uint32_t>(place.length);
  return spot;
}

Problems::Problems(const Sources& sources, Strictness strictness)
    : sources_(sources),
      strictness_(strictness) {}

void Problems::alias(Problem problem) {
  if (strictness_ == Strictness::strict) {
    add(std::move(problem), Severity::error);
  }
}

void Problems::add(Problem problem, Severity severity) {
  shorten(problem.message);
  shorten(problem.hint);
  if (downgraded_ > 0) {
    severity = Severity::warning;
  }
  if (strictness_ == Strictness::strict) {
    severity = Severity::error;
  }
  found_.push_back({std::move(problem), severity});
}

bool Problems::has_error() const {
  return !whole_.empty() ||
         std::ranges::any_of(found_, [](const Found& found) { return found.severity == Severity::error; });
}

std::vector<Diagnostic> Problems::finish() {
  std::ranges::sort(found_, {}, [](const Found& found) {
    return std::tuple(order_of(found.problem.where), std::string_view(found.problem.message), found.severity);
  });
  // A template's mistake is met once in every task that uses it.
  const auto same = [](const Found& left, const Found& right) {
    return left.problem.where == right.problem.where && left.problem.message == right.problem.message;
  };
  const auto repeated = std::ranges::unique(found_, same);
  found_.erase(repeated.begin(), repeated.end());

  std::vector<Diagnostic> diagnostics = std::exchange(whole_, {});
  bool failed = !diagnostics.empty();
  Spans span_of_spot(sources_);
  for (Found& found : found_) {
    Problem& problem = found.problem;
    failed = failed || found.severity == Severity::error;
    Diagnostic diagnostic{.severity = found.severity,
                          .message = std::move(problem.message),
                          .where = span_of_spot(problem.where),
                          .expected = std::move(problem.expected),
                          .related = {},
                          .hint = std::move(problem.hint)};
    for (RelatedSpot& related : problem.related) {
      diagnostic.related.push_back({std::move(related.message), span_of_spot(related.where)});
    }
    diagnostics.push_back(std::move(diagnostic));
  }
  found_.clear();
  if (failed) {
    throw Error(ExitCode::bad_project, std::move(diagnostics));
  }
  return diagnostics;
}

}  // namespace ame::schema
