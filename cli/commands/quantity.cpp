// SPDX-License-Identifier: Apache-2.0
#include "core/model/quantity.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <variant>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

struct QuantityOptions {
  std::vector<std::string> amounts;
};

/// With all its digits: "1610612736", "0.5".
std::string digits_of(const Quantity& quantity) {
  const std::int64_t milli = quantity.milli();
  if (milli == std::numeric_limits<std::int64_t>::max() || milli % 1000 == 0) {
    return fmt::format("{}", quantity.whole());
  }
  std::string digits = fmt::format("{}.{:03}", milli / 1000, milli % 1000);
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

ExitCode show_quantities(const QuantityOptions& options, Session& session) {
  for (const std::string& amount : options.amounts) {
    const auto parsed = Quantity::parse(amount);
    if (const auto* mistake = std::get_if<QuantityMistake>(&parsed)) {
      throw Error(ExitCode::usage, Diagnostic{.message = mistake->message, .hint = mistake->hint});
    }
    const auto& quantity = std::get<Quantity>(parsed);
    session.terminal.answer(fmt::format("{} = {} = {}\n", amount, quantity.text(), digits_of(quantity)));
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec quantity_command() {
  const auto options = std::make_shared<QuantityOptions>();
  return {
      .name = "quantity",
      .summary = "Say how much a quantity such as 1.5Gi is",
      .details = "Each is shown as given, in its shortest form, and with all its digits: bytes or threads.",
      .arguments = {{"AMOUNT", &options->amounts, "As in `resources`: `4`, `500m`, `10G`, `1.5Gi`", true}},
      .examples = {{"ame quantity 1.5Gi", "1.5Gi = 1536Mi = 1610612736"}, {"ame quantity 500m", "500m = 500m = 0.5"}},
      .action = [options](Session& session) { return show_quantities(*options, session); }};
}

}  // namespace ame::cli
