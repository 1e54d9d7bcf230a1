// SPDX-License-Identifier: Apache-2.0
#include "core/model/size_text.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace ame {

namespace {

constexpr std::array<const char*, 7> units = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

std::string cut_text(std::int64_t bytes, int decimals) {
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (std::abs(amount) >= 1024 && unit + 1 < units.size()) {
    amount /= 1024;
    ++unit;
  }
  const double scale = std::pow(10, decimals);
  std::string text = fmt::format("{:.{}f}", std::trunc(amount * scale) / scale, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    text.erase(text.find_last_not_of('.') + 1);
  }
  return text + units.at(unit);
}

}  // namespace

std::string size_text(std::int64_t bytes) {
  return cut_text(bytes, 1);
}

std::string size_text_unlike(std::int64_t bytes, std::int64_t other) {
  const std::string unlike = size_text(other);
  for (const int decimals : {1, 2}) {
    if (std::string text = cut_text(bytes, decimals); text != unlike) {
      return text;
    }
  }
  return cut_text(bytes, 3);
}

}  // namespace ame
