// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/env/interpreter.hpp"
#include "core/env/python_places.hpp"
#include "core/env/remembered_files.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// What is remembered of the Pythons of this machine, so that none is started to be asked again: each file by its path,
/// size and time of change.
class KnownPythons {
 public:
  /// Nothing is remembered where the file is absent or makes no sense.
  static KnownPythons load(const FileReader& files, const std::filesystem::path& file);

  void save(FileSystem& files, const std::filesystem::path& file) const;

  /// What is known of the candidates, each Python once, and which of them are not known.
  struct Sorted {
    std::vector<Interpreter> interpreters;
    std::vector<PythonCandidate> unknown;
  };

  [[nodiscard]] Sorted sort(const std::vector<PythonCandidate>& candidates) const;

  /// None: the file is no Python that can be used.
  void remember(const PythonCandidate& candidate, const std::optional<Interpreter>& interpreter);

  /// Forgets the files that are gone.
  void forget_missing(const FileReader& files);

 private:
  RememberedFiles<std::optional<Interpreter>> pythons_;
};

}  // namespace ame
