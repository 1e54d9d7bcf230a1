// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/model/condition.hpp"
#include "core/model/cron.hpp"
#include "schema/decode.hpp"

namespace ame::schema {

namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";

/// The part of a text that is wrong, where it stands in the file as it is meant; else the whole text.
Spot part_of(const Node& node, std::size_t offset, std::size_t length) {
  Spot spot(node);
  const std::size_t quotes = node.quoted ? 1 : 0;
  if (length > 0 && node.length == node.scalar.size() + 2 * quotes) {
    spot.column += static_cast<std::uint32_t>(offset + quotes);
    spot.length = static_cast<std::uint32_t>(length);
  }
  return spot;
}

}  // namespace

std::string read_schedule(const Value& value, Decoding& decoding) {
  const std::string_view text = read_scalar(value, "a schedule such as `\"0 3 * * *\"`", decoding);
  if (value.node.kind == NodeKind::scalar) {
    auto parsed = CronSchedule::parse(text);
    if (auto* mistake = std::get_if<CronMistake>(&parsed)) {
      decoding.problems.error({.where = part_of(value.node, mistake->offset, mistake->length),
                               .message = std::move(mistake->message),
                               .hint = std::move(mistake->hint)});
    }
  }
  return std::string(text);
}

std::string read_condition(const Value& value, Decoding& decoding) {
  const std::string_view text = read_scalar(value, "a condition such as `env.STAGE == 'prod'`", decoding);
  if (value.node.kind == NodeKind::scalar) {
    auto parsed = Condition::parse(text);
    if (auto* mistake = std::get_if<ConditionMistake>(&parsed)) {
      decoding.problems.error({.where = part_of(value.node, mistake->offset, mistake->length),
                               .message = std::move(mistake->message),
                               .hint = std::move(mistake->hint)});
    }
  }
  return std::string(text);
}

std::string read_time_zone(const Value& value, Decoding& decoding) {
  const std::string_view text = read_scalar(value, "a time zone", decoding);
  const bool plausible = !text.empty() && text.find_first_not_of(letters) == std::string_view::npos &&
                         !text.starts_with('/') && !text.ends_with('/') && text.find("//") == std::string_view::npos &&
                         text[0] >= 'A';
  if (value.node.kind == NodeKind::scalar && !plausible) {
    decoding.problems.error({.where = value.node,
                             .message = fmt::format("`{}` is no time zone", text),
                             .expected = "expected a name such as `Europe/Copenhagen` or `UTC`"});
  }
  return std::string(text);
}

}  // namespace ame::schema
