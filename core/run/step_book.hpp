// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/file_system.hpp"

namespace ame {

/// A file as it was when a step was done.
struct BookedFile {
  std::string path;  ///< relative to the project
  std::string hash;  ///< SHA-256 of its content, 64 hexadecimal digits
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  ///< 0: it changed just then, so that its times say nothing
  std::uint64_t inode = 0;
  std::uint32_t mode = 0;

  bool operator==(const BookedFile&) const = default;
};

/// The result of a step that this one needs.
struct BookedNeed {
  std::string step;
  std::string result;

  bool operator==(const BookedNeed&) const = default;
};

/// A step that was done: all that decided what it did, and what it left behind.
struct BookedStep {
  std::string step;
  std::string run;          ///< that did it, as it is shown: "train-141"
  std::string result;       ///< names what it left behind: another content has another name
  std::string command;      ///< the command, where it starts and the image, as one text
  std::string environment;  ///< key of its environment; empty: none
  std::string variables;    ///< those it is given by the task and the command line, as one text
  std::vector<BookedNeed> needs;
  std::vector<BookedFile> inputs;   ///< sorted by path
  std::vector<BookedFile> outputs;  ///< sorted by path

  bool operator==(const BookedStep&) const = default;
};

/// What is known of the steps of a project, by their names, the newest first. Never more than a few of each.
class StepBook {
 public:
  /// Text that `text` once gave. A text that is none, or of another version, is an empty book.
  static StepBook parse(std::string_view text);

  [[nodiscard]] std::string text() const;

  [[nodiscard]] const std::vector<BookedStep>& of(const std::string& step) const;

  /// As the newest of its step; takes the place of one with the same inputs.
  void add(BookedStep step);

 private:
  std::map<std::string, std::vector<BookedStep>> steps_;
};

}  // namespace ame
