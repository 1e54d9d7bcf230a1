// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>

#include "schema/keys.hpp"

namespace ame::schema {

namespace {

/// A hash table with room to spare, filled once; found in one or two looks.
class KeyIndex {
 public:
  KeyIndex() {
    for (const KeyRow& row : all_keys()) {
      for (std::size_t section = 0; section < section_count; ++section) {
        if (row.where.has(static_cast<Section>(section))) {
          put_row(static_cast<Section>(section), row);
        }
      }
    }
  }

  [[nodiscard]] Spelling find(Section section, std::string_view text) const {
    for (std::size_t at = hash(section, text);; ++at) {
      const Slot& slot = slots_[at % slots_.size()];
      if (slot.spelling.row == nullptr) {
        return {};
      }
      if (slot.section == section && slot.text == text) {
        return slot.spelling;
      }
    }
  }

  [[nodiscard]] std::span<const KeyRow* const> required(Section section) const {
    return required_[static_cast<std::size_t>(section)];
  }

 private:
  struct Slot {
    std::string_view text;
    Section section = Section::project;
    Spelling spelling;
  };

  static std::size_t hash(Section section, std::string_view text) {
    std::uint32_t value = 2166136261U ^ static_cast<std::uint32_t>(section);
    for (const char c : text) {
      value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return value ^ (value >> 15U);
  }

  void put_row(Section section, const KeyRow& row) {
    if (row.need == Need::required) {
      required_.at(static_cast<std::size_t>(section)).push_back(&row);
    }
    put(section, row.name, {&row, false});
    for (const std::string_view alias : row.aliases) {
      if (!alias.empty()) {
        put(section, alias, {&row, true});
      }
    }
  }

  void put(Section section, std::string_view text, Spelling spelling) {
    std::size_t at = hash(section, text);
    while (slots_[at % slots_.size()].spelling.row != nullptr) {
      ++at;
    }
    slots_[at % slots_.size()] = {.text = text, .section = section, .spelling = spelling};
  }

  std::array<Slot, 1024> slots_;
  std::array<std::vector<const KeyRow*>, section_count> required_;
};

const KeyIndex& key_index() {
  static const KeyIndex index;
  return index;
}

constexpr std::array<std::string_view, section_count> descriptions = {
    "an `ame.yml`",
    "a task",
    "a task",
    "a template",
    "`executor`",
    "`resources`",
    "`gpu`",
    "a secret",
    "a variable",
    "`artifacts`",
    "an artifact path",
    "a data set",
    "a reference",
    "a data set reference",
    "`fromTemplate`",
    "`triggers`",
    "`git`",
    "`retries`",
    "`cache`",
    "`cleanup`",
    "`matrix`",
    "a model",
    "`training`",
    "`deployment`",
    "`defaults`",
    "an import",
    "a Vault",
    "`auth`",
    "`config.yml`",
    "`defaults`",
    "`ame-workspace.yml`",
    "a mapping",
};

}  // namespace

Spelling find_key(Section section, std::string_view text) {
  return key_index().find(section, text);
}

std::span<const KeyRow* const> required_keys(Section section) {
  return key_index().required(section);
}

std::vector<std::string> key_names(Section section) {
  std::vector<std::string> names;
  for (const KeyRow& row : all_keys()) {
    if (row.where.has(section)) {
      names.emplace_back(row.name);
    }
  }
  return names;
}

std::string_view described(Section section) {
  return descriptions.at(static_cast<std::size_t>(section));
}

}  // namespace ame::schema
