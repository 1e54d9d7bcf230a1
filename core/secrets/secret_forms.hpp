// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/model/secret_text.hpp"

namespace ame {

/// Shorter values would mask half of a log: `true`, `root`, `1234`. They are not masked, and the user is told.
inline constexpr std::size_t shortest_masked_value = 5;

/// Lines of a value of several lines are looked for alone from this length on.
inline constexpr std::size_t shortest_masked_line = 8;

/// Texts to look for, all in one piece of guarded memory.
class SecretForms {
 public:
  /// Adds every form in which a value shows up in output: as it is and without the blanks around it, each of its lines
  /// alone, all of these in base64 (at any alignment, both alphabets), in hex, escaped for a URL, JSON, a program's own
  /// notation, a shell or XML; and the whole value in base64 that was wrapped into lines.
  void add_value(std::string_view value);

  [[nodiscard]] std::size_t count() const { return forms_.size(); }

  [[nodiscard]] std::string_view form(std::size_t index) const {
    return bytes_.reveal().substr(forms_[index].offset, forms_[index].length);
  }

  /// For encoders: bytes go to the end of the form that is being written.
  void put(char byte) { bytes_.push_back(byte); }

  void put(std::string_view bytes) { bytes_.append(bytes); }

  /// Ends the form; forgets it when it is shorter than any masked value or the same as one added since mark().
  void end_form();

  /// From here on forms are compared with each other.
  void mark() { marked_ = forms_.size(); }

 private:
  struct Span {
    std::size_t offset = 0;
    std::size_t length = 0;
  };

  void add_unit(std::string_view unit);

  SecretBuffer bytes_;
  std::vector<Span> forms_;
  std::size_t begin_ = 0;
  std::size_t marked_ = 0;
};

}  // namespace ame
