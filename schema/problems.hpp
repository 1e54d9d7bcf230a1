// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/formats/document.hpp"

namespace ame::schema {

/// Where something stands, in little room.
struct Spot {
  std::uint16_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;

  Spot() = default;

  // NOLINTNEXTLINE(google-explicit-constructor): a node is where it stands
  Spot(const Node& node)
      : file(node.file),
        line(node.line),
        column(node.column),
        length(node.length) {}

  bool operator==(const Spot&) const = default;
};

/// The files of one load. Node::file is an index into them.
class Sources {
 public:
  std::uint16_t add(std::shared_ptr<const SourceText> source);

  [[nodiscard]] const std::shared_ptr<const SourceText>& operator[](std::uint16_t file) const { return files_[file]; }

  [[nodiscard]] Place place_of(const Node& node) const {
    return {.source = files_[node.file],
            .line = static_cast<int>(node.line),
            .column = static_cast<int>(node.column),
            .length = static_cast<int>(node.length)};
  }

  /// Linear: for mistakes only.
  [[nodiscard]] Spot spot_of(const Place& place) const;

 private:
  std::vector<std::shared_ptr<const SourceText>> files_;
};

struct RelatedSpot {
  std::string message;
  Spot where;
};

/// A mistake in a file, before it is made ready to be shown.
struct Problem {
  Spot where;
  std::string message;
  std::string expected;
  std::string hint;
  std::vector<RelatedSpot> related;
};

enum class Strictness : std::uint8_t {
  lenient,  ///< unknown keys are warnings
  normal,
  strict,  ///< warnings and aliases are errors
};

/// All that is wrong with the files of one load: collected, shown together.
class Problems {
 public:
  Problems(const Sources& sources, Strictness strictness);

  void error(Problem problem) { add(std::move(problem), Severity::error); }

  void warning(Problem problem) { add(std::move(problem), Severity::warning); }

  /// A key that does not exist.
  void unknown(Problem problem) {
    add(std::move(problem), strictness_ == Strictness::lenient ? Severity::warning : Severity::error);
  }

  /// Something that is ame's own: an error unless that was allowed.
  void reserved(Problem problem) { add(std::move(problem), allows_reserved_ ? Severity::warning : Severity::error); }

  void allow_reserved() { allows_reserved_ = true; }

  /// Another tool's or version's spelling: fine unless strict.
  void alias(Problem problem);

  /// An error about a project as a whole, with a place already.
  void error(Diagnostic diagnostic) { whole_.push_back(std::move(diagnostic)); }

  /// While one lives, what would be an error is a warning: for parts that nothing uses.
  class Downgrade {
   public:
    explicit Downgrade(Problems& problems)
        : problems_(problems) {
      ++problems_.downgraded_;
    }

    Downgrade(const Downgrade&) = delete;
    Downgrade& operator=(const Downgrade&) = delete;

    ~Downgrade() { --problems_.downgraded_; }

   private:
    Problems& problems_;
  };

  [[nodiscard]] std::size_t count() const { return found_.size() + whole_.size(); }

  [[nodiscard]] bool has_error() const;

  /// The warnings, sorted by place. Throws Error(bad_project) with everything when there is an error.
  std::vector<Diagnostic> finish();

 private:
  struct Found {
    Problem problem;
    Severity severity;
  };

  void add(Problem problem, Severity severity);

  const Sources& sources_;
  Strictness strictness_;
  bool allows_reserved_ = false;
  int downgraded_ = 0;
  std::vector<Found> found_;
  std::vector<Diagnostic> whole_;
};

}  // namespace ame::schema
