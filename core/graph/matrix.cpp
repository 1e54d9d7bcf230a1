// SPDX-License-Identifier: Apache-2.0
#include "core/graph/matrix.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace ame {

namespace {

constexpr std::size_t longest_value = 40;

struct AxisValue {
  std::size_t axis = 0;
  std::size_t value = 0;
};

std::string value_label(const std::string& value) {
  std::string label;
  for (const char c : value.substr(0, longest_value)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '_' || c == '-' || c == '+';
    label += plain ? c : '_';
  }
  return label;
}

std::string label_of(const std::vector<EnvironmentVariable>& values) {
  std::string label;
  for (const EnvironmentVariable& value : values) {
    label += label.empty() ? "" : ",";
    label += value.key + "=" + value_label(value.value);
  }
  return label;
}

/// What each exclusion says, by position instead of by text. One that names what does not exist excludes nothing.
std::vector<std::vector<AxisValue>> exclusions_of(const Matrix& matrix) {
  std::vector<std::vector<AxisValue>> exclusions;
  for (const MatrixCombination& combination : matrix.exclude) {
    std::vector<AxisValue> exclusion;
    for (const EnvironmentVariable& wanted : combination.values) {
      const auto axis = std::ranges::find(matrix.axes, wanted.key, &MatrixAxis::key);
      if (axis == matrix.axes.end()) {
        continue;
      }
      const auto value = std::ranges::find(axis->values, wanted.value);
      exclusion.push_back({static_cast<std::size_t>(axis - matrix.axes.begin()),
                           static_cast<std::size_t>(value - axis->values.begin())});
    }
    if (exclusion.size() == combination.values.size() && !exclusion.empty()) {
      exclusions.push_back(std::move(exclusion));
    }
  }
  return exclusions;
}

bool is_excluded(const std::vector<std::size_t>& chosen, const std::vector<std::vector<AxisValue>>& exclusions) {
  return std::ranges::any_of(exclusions, [&](const std::vector<AxisValue>& exclusion) {
    return std::ranges::all_of(exclusion, [&](const AxisValue& one) { return chosen[one.axis] == one.value; });
  });
}

std::optional<std::size_t> product_of(const Matrix& matrix, std::size_t most) {
  std::size_t product = matrix.axes.empty() ? 0 : 1;
  for (const MatrixAxis& axis : matrix.axes) {
    product *= axis.values.size();
    if (product > most) {
      return std::nullopt;
    }
  }
  return product;
}

/// The next combination, as a counter counts; false after the last one.
bool advance(std::vector<std::size_t>& chosen, const std::vector<MatrixAxis>& axes) {
  for (std::size_t axis = axes.size(); axis-- > 0;) {
    if (++chosen[axis] < axes[axis].values.size()) {
      return true;
    }
    chosen[axis] = 0;
  }
  return false;
}

class Instances {
 public:
  explicit Instances(std::size_t expected) { all_.reserve(expected); }

  /// Unless it is there already.
  void add(std::vector<EnvironmentVariable> values) {
    std::string label = label_of(values);
    const auto [found, added] = labels_.try_emplace(label, all_.size());
    if (!added) {
      if (all_[found->second].values == values) {
        return;
      }
      const std::string shared = label;
      for (std::uint32_t number = 2; !labels_.try_emplace(label, all_.size()).second; ++number) {
        label = shared + "-" + std::to_string(number);
      }
    }
    all_.push_back({.values = std::move(values), .label = std::move(label)});
  }

  std::vector<MatrixInstance> take() { return std::move(all_); }

 private:
  std::vector<MatrixInstance> all_;
  std::unordered_map<std::string, std::size_t> labels_;
};

std::vector<EnvironmentVariable> in_order_of_axes(const Matrix& matrix, const MatrixCombination& combination) {
  if (matrix.axes.empty()) {
    return combination.values;
  }
  std::vector<EnvironmentVariable> values;
  for (const MatrixAxis& axis : matrix.axes) {
    const auto value = std::ranges::find(combination.values, axis.key, &EnvironmentVariable::key);
    if (value != combination.values.end()) {
      values.push_back(*value);
    }
  }
  return values;
}

}  // namespace

std::optional<std::vector<MatrixInstance>> matrix_instances(const Matrix& matrix, std::size_t most) {
  const auto product = product_of(matrix, most);
  if (!product || *product + matrix.include.size() > most) {
    return std::nullopt;
  }
  Instances instances(*product + matrix.include.size());
  if (*product > 0) {
    const auto exclusions = exclusions_of(matrix);
    std::vector<std::size_t> chosen(matrix.axes.size(), 0);
    do {
      if (is_excluded(chosen, exclusions)) {
        continue;
      }
      std::vector<EnvironmentVariable> values;
      values.reserve(matrix.axes.size());
      for (std::size_t axis = 0; axis < matrix.axes.size(); ++axis) {
        values.push_back({matrix.axes[axis].key, matrix.axes[axis].values[chosen[axis]]});
      }
      instances.add(std::move(values));
    } while (advance(chosen, matrix.axes));
  }
  for (const MatrixCombination& included : matrix.include) {
    instances.add(in_order_of_axes(matrix, included));
  }
  return instances.take();
}

}  // namespace ame
