// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/decode.hpp"

namespace ame::schema {

namespace {

constexpr std::size_t most_values = 100'000;

void report_axis(const Node& key, Decoding& decoding) {
  decoding.problems.error({.where = key,
                           .message = fmt::format("`{}` cannot name an axis", key.scalar),
                           .expected = "expected letters, digits and `_`"});
}

MatrixAxis read_axis(const Entry& entry, Decoding& decoding) {
  MatrixAxis axis{.key = std::string(entry.key.scalar), .values = {}};
  if (!is_variable_name(axis.key)) {
    report_axis(entry.key, decoding);
  }
  axis.values = read_texts({entry.key.scalar, entry.value}, decoding);
  if (entry.value.kind != NodeKind::sequence) {
    return axis;
  }
  if (axis.values.empty()) {
    decoding.problems.error({.where = entry.value, .message = fmt::format("the axis `{}` has no values", axis.key)});
  }
  if (axis.values.size() > most_values) {
    decoding.problems.error(
        {.where = entry.value, .message = fmt::format("the axis `{}` has more than {} values", axis.key, most_values)});
    axis.values.clear();
  }
  std::vector<std::string> sorted = axis.values;
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::adjacent_find(sorted);
  if (repeated != sorted.end()) {
    decoding.problems.error(
        {.where = entry.value, .message = fmt::format("the axis `{}` has the value `{}` twice", axis.key, *repeated)});
  }
  return axis;
}

std::vector<MatrixCombination> read_combinations(const Value& value, Decoding& decoding) {
  std::vector<MatrixCombination> combinations;
  if (value.node.kind != NodeKind::sequence) {
    report_kind(value, "a list of mappings from axes to values", decoding);
    return combinations;
  }
  for (const Node& item : value.node.items) {
    combinations.push_back({read_text_map({value.key, item}, decoding)});
    if (item.kind == NodeKind::mapping && combinations.back().values.empty()) {
      decoding.problems.error({.where = item, .message = "this combination is empty"});
    }
    for (const Entry& entry : item.entries) {
      if (!is_variable_name(entry.key.scalar)) {
        report_axis(entry.key, decoding);
      }
    }
  }
  return combinations;
}

const MatrixAxis* find_axis(const Matrix& matrix, const std::string& key) {
  const auto found = std::ranges::find(matrix.axes, key, &MatrixAxis::key);
  return found == matrix.axes.end() ? nullptr : &*found;
}

std::vector<std::string> axis_names(const Matrix& matrix) {
  std::vector<std::string> names;
  for (const MatrixAxis& axis : matrix.axes) {
    names.push_back(axis.key);
  }
  return names;
}

/// Checks the axes of one combination; a combination of `include` must have them all.
void check_axes(const Matrix& matrix, const MatrixCombination& combination, const Node& item, Decoding& decoding) {
  for (std::size_t index = 0; index < combination.values.size(); ++index) {
    const std::string& key = combination.values[index].key;
    if (find_axis(matrix, key) == nullptr) {
      const auto entry = std::ranges::find(item.entries, key, [](const Entry& one) { return one.key.scalar; });
      decoding.problems.error({.where = entry->key,
                               .message = fmt::format("the matrix has no axis `{}`", key),
                               .hint = did_you_mean(key, axis_names(matrix))});
    }
  }
}

void check_include(const Matrix& matrix, const Node& list, Decoding& decoding) {
  for (std::size_t number = 0; number < matrix.include.size(); ++number) {
    const MatrixCombination& combination = matrix.include[number];
    const Node& item = list.items[number];
    check_axes(matrix, combination, item, decoding);
    for (const MatrixAxis& axis : matrix.axes) {
      if (std::ranges::find(combination.values, axis.key, &EnvironmentVariable::key) == combination.values.end()) {
        decoding.problems.error(
            {.where = item, .message = fmt::format("this combination has no value for the axis `{}`", axis.key)});
      }
    }
  }
}

void check_exclude(const Matrix& matrix, const Node& list, Decoding& decoding) {
  for (std::size_t number = 0; number < matrix.exclude.size(); ++number) {
    const MatrixCombination& combination = matrix.exclude[number];
    check_axes(matrix, combination, list.items[number], decoding);
    for (const EnvironmentVariable& value : combination.values) {
      const MatrixAxis* axis = find_axis(matrix, value.key);
      if (axis != nullptr && std::ranges::find(axis->values, value.value) == axis->values.end()) {
        decoding.problems.error({.where = list.items[number],
                                 .message = fmt::format("the axis `{}` has no value `{}`", value.key, value.value),
                                 .hint = did_you_mean(value.value, axis->values)});
      }
    }
  }
}

}  // namespace

Matrix decode_matrix(const Value& value, Decoding& decoding) {
  Matrix matrix;
  if (value.node.kind != NodeKind::mapping) {
    report_kind(value, "a mapping from axes to lists of values", decoding);
    return matrix;
  }
  const Node* include = nullptr;
  const Node* exclude = nullptr;
  for (const Entry& entry : value.node.entries) {
    if (is_null(entry.value)) {
      continue;
    }
    if (entry.key.scalar == "include") {
      include = &entry.value;
      matrix.include = read_combinations({"include", entry.value}, decoding);
    } else if (entry.key.scalar == "exclude") {
      exclude = &entry.value;
      matrix.exclude = read_combinations({"exclude", entry.value}, decoding);
    } else {
      matrix.axes.push_back(read_axis(entry, decoding));
    }
  }
  if (matrix.axes.empty() && matrix.include.empty()) {
    decoding.problems.error({.where = value.node,
                             .message = "the matrix has no values",
                             .hint = "for example `matrix: {lr: [0.1, 0.01]}`"});
    return {};
  }
  if (include != nullptr && !matrix.axes.empty()) {
    check_include(matrix, *include, decoding);
  }
  if (exclude != nullptr) {
    check_exclude(matrix, *exclude, decoding);
  }
  return matrix;
}

}  // namespace ame::schema
