// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>

#include "core/secrets/secret_encodings.hpp"

namespace ame {

namespace {

constexpr std::string_view lower_hex = "0123456789abcdef";
constexpr std::string_view upper_hex = "0123456789ABCDEF";

/// A character of a UTF-8 text, or one byte that is none.
struct Character {
  std::uint32_t code = 0;
  std::string_view bytes;
  bool valid = true;
};

Character character_at(std::string_view text, std::size_t index) {
  const auto first = static_cast<unsigned char>(text[index]);
  const std::size_t length = first < 0x80        ? 1
                             : first >> 5U == 6  ? 2
                             : first >> 4U == 14 ? 3
                             : first >> 3U == 30 ? 4
                                                 : 0;
  if (length == 1) {
    return {.code = first, .bytes = text.substr(index, 1)};
  }
  if (length == 0 || index + length > text.size()) {
    return {.code = first, .bytes = text.substr(index, 1), .valid = false};
  }
  std::uint32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t next = 1; next < length; ++next) {
    const auto byte = static_cast<unsigned char>(text[index + next]);
    if (byte >> 6U != 2) {
      return {.code = first, .bytes = text.substr(index, 1), .valid = false};
    }
    code = code << 6U | (byte & 0x3FU);
  }
  return {.code = code, .bytes = text.substr(index, length)};
}

void put_digits(SecretForms& forms, std::uint32_t value, int count, std::string_view digits) {
  for (int place = count - 1; place >= 0; --place) {
    forms.put(digits[value >> (4U * static_cast<unsigned>(place)) & 15U]);
  }
}

void put_utf16_escape(SecretForms& forms, std::uint32_t code, std::string_view digits) {
  const auto put_unit = [&](std::uint32_t unit) {
    forms.put("\\u");
    put_digits(forms, unit, 4, digits);
  };
  if (code >= 0x10000) {
    put_unit(0xD800 + ((code - 0x10000) >> 10U));
    put_unit(0xDC00 + ((code - 0x10000) & 0x3FFU));
  } else {
    put_unit(code);
  }
}

/// "\n" for a line's end and so on; empty where there is no short escape.
std::string_view short_escape(char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\v':
      return "\\v";
    case '\a':
      return "\\a";
    default:
      return {};
  }
}

struct JsonStyle {
  std::string_view escaped = "\"\\";  ///< with a backslash before them
  bool ascii = false;
  bool for_pages = false;
  std::string_view digits = lower_hex;
};

void put_json(SecretForms& forms, std::string_view text, const JsonStyle& style) {
  for (std::size_t index = 0; index < text.size();) {
    const Character character = character_at(text, index);
    const char byte = text[index];
    index += character.bytes.size();
    const bool for_page = style.for_pages && (byte == '<' || byte == '>' || byte == '&');
    if (style.escaped.find(byte) != std::string_view::npos) {
      forms.put('\\');
      forms.put(byte);
    } else if (const auto escape = short_escape(byte); !escape.empty() && byte != '\v' && byte != '\a') {
      forms.put(escape);
    } else if (character.code < 0x20 || for_page || (style.ascii && character.valid && character.code > 0x7E)) {
      put_utf16_escape(forms, character.code, style.digits);
    } else {
      forms.put(character.bytes);
    }
  }
  forms.end_form();
}

enum class Literal { text, ascii, bytes };

void put_literal(SecretForms& forms, std::string_view text, std::string_view escaped, Literal kind) {
  for (std::size_t index = 0; index < text.size();) {
    const Character whole = character_at(text, index);
    const char byte = text[index];
    const std::string_view bytes = kind == Literal::bytes ? text.substr(index, 1) : whole.bytes;
    index += bytes.size();
    const auto code = kind == Literal::bytes ? static_cast<unsigned char>(byte) : whole.code;
    const bool has_short = byte == '\n' || byte == '\t' || byte == '\r';
    if (escaped.find(byte) != std::string_view::npos) {
      forms.put('\\');
      forms.put(byte);
    } else if (has_short) {
      forms.put(short_escape(byte));
    } else if (code < 0x20 || code == 0x7F || (code >= 0x80 && kind != Literal::text)) {
      forms.put(code > 0xFFFF ? "\\U" : code > 0xFF ? "\\u" : "\\x");
      put_digits(forms, code, code > 0xFFFF ? 8 : code > 0xFF ? 4 : 2, lower_hex);
    } else {
      forms.put(bytes);
    }
  }
  forms.end_form();
}

/// Every byte that `special` has goes through `replacement`, in which `@` stands for the byte.
void put_replaced(SecretForms& forms, std::string_view text, std::string_view special, std::string_view replacement) {
  for (const char byte : text) {
    if (special.find(byte) == std::string_view::npos) {
      forms.put(byte);
      continue;
    }
    for (const char part : replacement) {
      forms.put(part == '@' ? byte : part);
    }
  }
  forms.end_form();
}

/// As bash prints what no other quoting can say.
void put_ansi_c(SecretForms& forms, std::string_view text) {
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '\'' || byte == '\\') {
      forms.put('\\');
      forms.put(byte);
    } else if (const auto escape = short_escape(byte); !escape.empty()) {
      forms.put(escape);
    } else if (code < 0x20 || code >= 0x7F) {
      forms.put('\\');
      for (const unsigned shift : {6U, 3U, 0U}) {
        forms.put(static_cast<char>('0' + (code >> shift & 7U)));
      }
    } else {
      forms.put(byte);
    }
  }
  forms.end_form();
}

}  // namespace

void put_json_forms(SecretForms& forms, std::string_view text) {
  constexpr std::array<JsonStyle, 7> styles = {{{},
                                                {.ascii = true},
                                                {.ascii = true, .digits = upper_hex},
                                                {.escaped = "\"\\/", .ascii = true},
                                                {.escaped = "\"\\/"},
                                                {.for_pages = true},
                                                {.ascii = true, .for_pages = true, .digits = upper_hex}}};
  for (const JsonStyle& style : styles) {
    put_json(forms, text, style);
  }
}

void put_literal_forms(SecretForms& forms, std::string_view text) {
  for (const std::string_view escaped : {"\\", "\\'", "\\\""}) {
    for (const Literal kind : {Literal::text, Literal::ascii, Literal::bytes}) {
      put_literal(forms, text, escaped, kind);
    }
  }
}

void put_shell_forms(SecretForms& forms, std::string_view text) {
  put_replaced(forms, text, "'", "'\\@'");
  put_replaced(forms, text, "'", "'\"@\"'");
  put_replaced(forms, text, "$`\"\\", "\\@");
  put_replaced(forms, text, "$`\"\\!", "\\@");
  put_replaced(forms, text, " !\"#$&'()*;<>?[\\]^`{|}", "\\@");
  put_replaced(forms, text, " !\"#$&'()*,;<>?[\\]^`{|}~", "\\@");
  put_ansi_c(forms, text);
}

}  // namespace ame
