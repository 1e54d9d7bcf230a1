// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_encodings.hpp"

#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>

namespace ame {

namespace {

constexpr std::string_view standard_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view lower_hex = "0123456789abcdef";
constexpr std::string_view upper_hex = "0123456789ABCDEF";

unsigned byte_at(std::string_view text, std::size_t index) {
  return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
}

/// The sextet that begins at this bit.
unsigned sextet(std::string_view text, std::size_t bit) {
  const unsigned pair = byte_at(text, bit / 8) << 8U | byte_at(text, bit / 8 + 1);
  return pair >> (10 - bit % 8) & 63U;
}

void put_hex_byte(SecretForms& forms, unsigned char byte, std::string_view digits) {
  forms.put(digits[byte >> 4U]);
  forms.put(digits[byte & 15U]);
}

struct Bits {
  std::size_t first_bit = 0;
  std::size_t end_bit = 0;  ///< digits begin before it
};

void put_digits(SecretForms& forms, std::string_view text, std::string_view alphabet, Bits bits) {
  for (std::size_t bit = bits.first_bit; bit < bits.end_bit; bit += 6) {
    forms.put(alphabet[sextet(text, bit)]);
  }
  forms.end_form();
}

struct Base64Line {
  std::string_view alphabet;
  std::size_t columns = 0;  ///< 0: all on one line
  bool padded = false;
};

void put_whole_base64(SecretForms& forms, std::string_view text, Base64Line style) {
  const std::size_t digits = (text.size() * 8 + 5) / 6;
  const std::size_t length = style.padded ? (text.size() + 2) / 3 * 4 : digits;
  for (std::size_t index = 0; index < length; ++index) {
    if (style.columns != 0 && index != 0 && index % style.columns == 0) {
      forms.put('\n');
    }
    forms.put(index < digits ? style.alphabet[sextet(text, index * 6)] : '=');
  }
  forms.end_form();
}

/// Each line by itself, for output that puts something between the lines.
void put_base64_lines(SecretForms& forms, std::string_view text, std::size_t columns) {
  const std::size_t digits = (text.size() * 8 + 5) / 6;
  for (std::size_t begin = 0; digits > columns && begin < digits; begin += columns) {
    for (std::size_t index = begin; index < begin + columns && index < digits; ++index) {
      forms.put(standard_alphabet[sextet(text, index * 6)]);
    }
    forms.mark();  // they are many, and no two are the same but by chance
    forms.end_form();
  }
}

}  // namespace

void put_base64_forms(SecretForms& forms, std::string_view text) {
  // A text that begins after 0, 1 or 2 bytes of a group of three has its first whole digit at bit 0, 4 or 2.
  // Its last digit is its own only where nothing follows.
  constexpr std::array<std::size_t, 3> first_bits = {0, 4, 2};
  for (const std::string_view alphabet : {standard_alphabet, url_alphabet}) {
    for (const std::size_t first : first_bits) {
      put_digits(forms, text, alphabet, {.first_bit = first, .end_bit = text.size() * 8 - 5});
      put_digits(forms, text, alphabet, {.first_bit = first, .end_bit = text.size() * 8});
    }
  }
}

void put_wrapped_base64_forms(SecretForms& forms, std::string_view text) {
  for (const std::string_view alphabet : {standard_alphabet, url_alphabet}) {
    put_whole_base64(forms, text, {.alphabet = alphabet, .padded = true});
    put_whole_base64(forms, text, {.alphabet = alphabet, .padded = false});
  }
  for (const std::size_t columns : {std::size_t{64}, std::size_t{76}}) {
    put_whole_base64(forms, text, {.alphabet = standard_alphabet, .columns = columns, .padded = true});
    put_base64_lines(forms, text, columns);
  }
}

void put_hex_forms(SecretForms& forms, std::string_view text) {
  for (const std::string_view digits : {lower_hex, upper_hex}) {
    for (const char byte : text) {
      put_hex_byte(forms, static_cast<unsigned char>(byte), digits);
    }
    forms.end_form();
  }
}

void put_url_forms(SecretForms& forms, std::string_view text) {
  struct Style {
    std::string_view kept;  ///< besides letters and digits
    bool plus_for_blank = false;
    std::string_view digits = upper_hex;
  };

  constexpr std::array<Style, 8> styles = {{{"-._~"},
                                            {"-._~", false, lower_hex},
                                            {"-._~/"},
                                            {"-._~!'()*"},
                                            {"-._~!'()*;,/?:@&=+$#"},
                                            {"-._*", true},
                                            {"-._~", true},
                                            {"-._~", true, lower_hex}}};
  for (const Style& style : styles) {
    for (const char byte : text) {
      const auto code = static_cast<unsigned char>(byte);
      if ((code < 0x80 && std::isalnum(code) != 0) || style.kept.find(byte) != std::string_view::npos) {
        forms.put(byte);
      } else if (byte == ' ' && style.plus_for_blank) {
        forms.put('+');
      } else {
        forms.put('%');
        put_hex_byte(forms, code, style.digits);
      }
    }
    forms.end_form();
  }
}

void put_xml_forms(SecretForms& forms, std::string_view text) {
  struct Quotes {
    std::string_view single;
    std::string_view twice;
  };

  constexpr std::array<Quotes, 5> styles = {
      {{"'", "\""}, {"'", "&quot;"}, {"&apos;", "&quot;"}, {"&#39;", "&#34;"}, {"&#x27;", "&quot;"}}};
  for (const auto& [single, twice] : styles) {
    for (const char byte : text) {
      switch (byte) {
        case '&':
          forms.put("&amp;");
          break;
        case '<':
          forms.put("&lt;");
          break;
        case '>':
          forms.put("&gt;");
          break;
        case '\'':
          forms.put(single);
          break;
        case '"':
          forms.put(twice);
          break;
        default:
          forms.put(byte);
      }
    }
    forms.end_form();
  }
}

}  // namespace ame
