// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/formats/document.hpp"
#include "core/model/command.hpp"
#include "core/model/quantity.hpp"
#include "schema/keys.hpp"
#include "schema/problems.hpp"

namespace ame::schema {

/// What all decoding needs: where things stand, and where mistakes go.
struct Decoding {
  const Sources& sources;
  Problems& problems;
};

/// A value and the key it belongs to, as messages call it.
struct Value {
  std::string_view key;
  const Node& node;
};

/// An entry of a mapping whose key is known. Its value is not null.
struct KnownEntry {
  const KeyRow* row;
  const Entry* entry;

  [[nodiscard]] Value value() const { return {row->name, entry->value}; }
};

/// Walks a mapping once. Reports a value that is no mapping, unknown and retired keys, two spellings of one key, and
/// required keys that are missing. Nulls are as good as absent.
template <class Visit>
void each_entry(const Value& mapping, Section section, Decoding& decoding, Visit visit);

/// `key` is null where it says nothing.
bool is_null(const Node& node);

/// The mapping has another kind of value, said with what was expected.
void report_kind(const Value& value, std::string_view expected, Decoding& decoding, std::string hint = {});

/// Each of these reports what is wrong and then gives an empty, false or zero value.
std::string_view read_scalar(const Value& value, std::string_view expected, Decoding& decoding);
std::string read_text(const Value& value, Decoding& decoding);
std::string read_path(const Value& value, Decoding& decoding);
std::string read_name(const Value& value, Decoding& decoding);
std::string read_variable_name(const Value& value, Decoding& decoding);
bool read_flag(const Value& value, Decoding& decoding);
int read_count(const Value& value, Decoding& decoding);
double read_decimal(const Value& value, Decoding& decoding);
std::optional<Quantity> read_quantity(const Value& value, Decoding& decoding);
std::optional<std::chrono::milliseconds> read_duration(const Value& value, Decoding& decoding);
CommandText read_command(const Value& value, Decoding& decoding);
std::vector<std::string> read_texts(const Value& value, Decoding& decoding);
std::vector<std::string> read_paths(const Value& value, Decoding& decoding);
std::vector<int> read_counts(const Value& value, Decoding& decoding);
std::vector<EnvironmentVariable> read_text_map(const Value& value, Decoding& decoding);

/// The word's place in `words`, or the first one after a report.
std::size_t read_choice(const Value& value, const std::vector<std::string>& words, Decoding& decoding);

/// Letters, digits, `_` and `-`, not beginning with `-`.
bool is_name(std::string_view text);

/// Letters, digits and `_`, not beginning with a digit.
bool is_variable_name(std::string_view text);

/// Keys of one mapping that were seen, and what is wrong with them.
class KeyWalk {
 public:
  KeyWalk(const Value& mapping, Section section, Decoding& decoding);

  /// The row of a key to be read; null for one that is unknown, repeated or null.
  const KeyRow* next(const Entry& entry);

  /// Reports what is missing.
  void finish();

 private:
  void report_unknown(const Entry& entry);
  void report_repeated(const Entry& entry, const KeyRow& row);

  const Value& mapping_;
  Section section_;
  Decoding& decoding_;
  std::array<std::uint64_t, 3> seen_{};
};

template <class Visit>
void each_entry(const Value& mapping, Section section, Decoding& decoding, Visit visit) {
  KeyWalk walk(mapping, section, decoding);
  for (const Entry& entry : mapping.node.entries) {
    if (const KeyRow* row = walk.next(entry)) {
      visit(KnownEntry{row, &entry});
    }
  }
  walk.finish();
}

}  // namespace ame::schema
