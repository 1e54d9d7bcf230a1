// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "core/error.hpp"
#include "core/source_span.hpp"

namespace ame {

/// Larger files are refused before they are looked at: nobody writes them, and what is read takes its room many times.
inline constexpr std::size_t largest_document = std::size_t{32} << 20;

struct TextFacts {
  std::size_t begin = 0;  ///< after the byte order mark
  bool ascii = true;      ///< columns are bytes
};

/// Throws Error(bad_project) unless the text is UTF-8 of a sane size, without characters that no editor shows.
TextFacts check_text(const SourceText& source);

/// The place of a byte, counted as a person does.
SourceSpan span_at(const SourceText& source, std::size_t offset, std::size_t bytes = 1);

/// Code points in a piece of UTF-8.
std::size_t characters_in(std::string_view text);

}  // namespace ame
