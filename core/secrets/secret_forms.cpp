// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_forms.hpp"

#include <algorithm>

#include "core/secrets/secret_encodings.hpp"

namespace ame {

namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_never_escaped(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '-' ||
         byte == '_' || byte == '.';
}

}  // namespace

void SecretForms::end_form() {
  const Span written{.offset = begin_, .length = bytes_.size() - begin_};
  const std::string_view text = bytes_.reveal().substr(written.offset, written.length);
  bool known = text.size() < shortest_masked_value;
  for (std::size_t index = marked_; index < forms_.size() && !known; ++index) {
    known = form(index) == text;
  }
  if (known) {
    bytes_.shrink(begin_);
  } else {
    forms_.push_back(written);
  }
  begin_ = bytes_.size();
}

void SecretForms::add_unit(std::string_view unit) {
  mark();
  put(unit);
  end_form();
  put_base64_forms(*this, unit);
  put_hex_forms(*this, unit);
  if (std::ranges::all_of(unit, is_never_escaped)) {
    return;
  }
  put_url_forms(*this, unit);
  put_json_forms(*this, unit);
  put_literal_forms(*this, unit);
  put_shell_forms(*this, unit);
  put_xml_forms(*this, unit);
}

void SecretForms::add_value(std::string_view value) {
  const std::string_view core = trimmed(value);
  if (core.size() < shortest_masked_value) {
    return;
  }
  add_unit(core);
  put_wrapped_base64_forms(*this, core);
  if (value != core) {
    put(value);
    end_form();
    put_wrapped_base64_forms(*this, value);
  }

  std::string_view rest = core;
  while (rest.size() != core.size() || rest.find('\n') != std::string_view::npos) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, end));
    if (line.size() >= shortest_masked_line) {
      add_unit(line);
    }
    if (end == rest.size()) {
      break;
    }
    rest.remove_prefix(end + 1);
  }
}

}  // namespace ame
