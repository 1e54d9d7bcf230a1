// SPDX-License-Identifier: Apache-2.0
#include "core/formats/yaml_quickly.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/mark.h>

#include "core/error.hpp"
#include "core/formats/yaml_events.hpp"

#include <yaml.h>

namespace ame {
namespace {

constexpr std::size_t longest_value = std::size_t{1} << 20;

/// Bytes are characters there, and no other end of a line is known than "\n".
bool is_everyday(std::string_view text, const TextFacts& facts) {
  return facts.ascii && facts.begin == 0 && text.find_first_of("\t\r") == std::string_view::npos;
}

bool is_of_word(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_' || letter == '-';
}

bool has_simple_escapes(std::string_view quoted) {
  constexpr std::string_view simple = "0abefnrtv\"\\/ ";
  for (std::size_t at = quoted.find('\\'); at < quoted.size(); at = quoted.find('\\', at + 2)) {
    if (simple.find(quoted.substr(at + 1, 1)) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  ~Event() { yaml_event_delete(&event_); }

  bool read(yaml_parser_t& parser) {
    yaml_event_delete(&event_);
    return yaml_parser_parse(&parser, &event_) != 0;
  }

  [[nodiscard]] const yaml_event_t& get() const { return event_; }

 private:
  yaml_event_t event_{};
};

/// What is open, to hold against the indentation: libyaml takes a few things for the inside of others to which they do
/// not belong by it.
class Indentation {
 public:
  /// Whether the next thing may stand at that column.
  bool allows(std::ptrdiff_t column, bool is_block_sequence) {
    if (frames_.empty()) {
      return true;
    }
    Frame& frame = frames_.back();
    const bool is_key = frame.is_mapping && frame.children % 2 == 0;
    const bool is_first = frame.children++ == 0;
    if (is_key && !frame.is_flow) {
      const std::ptrdiff_t around = frames_.size() < 2 ? -1 : frames_[frames_.size() - 2].column;
      frame.column = is_first && column > around ? column : frame.column;  // its own place is that of its tag
      return column == frame.column;
    }
    return column > frame.column || (frame.is_mapping && !frame.is_flow && is_block_sequence && column == frame.column);
  }

  void open(std::ptrdiff_t column, bool is_flow, bool is_mapping) {
    if (is_flow) {
      column = frames_.empty() ? -1 : frames_.back().column;
    }
    frames_.push_back({.column = column, .is_flow = is_flow, .is_mapping = is_mapping});
  }

  void close() { frames_.pop_back(); }

  [[nodiscard]] bool is_empty() const { return frames_.empty(); }

  [[nodiscard]] bool is_at_key() const {
    return !frames_.empty() && frames_.back().is_mapping && frames_.back().children % 2 == 0;
  }

  [[nodiscard]] bool is_in_flow() const { return !frames_.empty() && frames_.back().is_flow; }

 private:
  struct Frame {
    std::ptrdiff_t column = 0;  ///< of the block; in brackets, of the block around them
    std::size_t children = 0;
    bool is_flow = false;
    bool is_mapping = false;
  };

  std::vector<Frame> frames_;
};

/// Tells YamlEvents what libyaml reads, as yaml-cpp would.
class QuickReader {
 public:
  QuickReader(const std::shared_ptr<const SourceText>& source, const TextFacts& facts)
      : text_(source->text),
        events_(source, facts) {
    if (yaml_parser_initialize(&parser_) == 0) {
      throw std::bad_alloc();
    }
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text_.data()), text_.size());
  }

  QuickReader(const QuickReader&) = delete;
  QuickReader& operator=(const QuickReader&) = delete;

  ~QuickReader() { yaml_parser_delete(&parser_); }

  std::optional<Document> read() {
    Event event;
    while (event.read(parser_)) {
      if (event.get().type == YAML_STREAM_END_EVENT) {
        const bool is_whole = has_document_ && events_.tree().problems().empty();
        return is_whole ? std::optional(events_.tree().finish()) : std::nullopt;
      }
      if (!tell(event.get())) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  bool tell(const yaml_event_t& event) {
    const std::size_t begin = event.start_mark.index;
    if (!indentation_.is_in_flow()) {
      block_end_ = last_end_;
    }
    if (begin > block_end_ + longest_value) {
      return false;
    }
    last_end_ = std::max(last_end_, event.end_mark.index);
    mark_.pos = static_cast<int>(begin);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return begin_document(event.data.document_start);
      case YAML_SCALAR_EVENT:
        return tell_scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return open_sequence(event);
      case YAML_MAPPING_START_EVENT:
        return open_mapping(event);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        indentation_.close();
        event.type == YAML_SEQUENCE_END_EVENT ? events_.OnSequenceEnd() : events_.OnMapEnd();
        return true;
      default:
        return event.type != YAML_ALIAS_EVENT;
    }
  }

  template <class Start>
  bool begin_document(const Start& start) {
    const bool is_plain =
        start.version_directive == nullptr && start.tag_directives.start == start.tag_directives.end && !has_document_;
    has_document_ = true;
    events_.OnDocumentStart(mark_);
    return is_plain;
  }

  bool tell_scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    const std::string_view value(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool is_plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    const bool is_missing = is_plain && value.empty() && scalar.tag == nullptr;
    const auto tag = tag_of(scalar, is_plain ? "?" : "!");
    const bool is_usual = !indentation_.is_empty() && value.size() <= longest_value && is_of_one_reading(event);
    // Where nothing is written, the mark is that of what comes next.
    const bool is_in_place = is_missing ? events_.tree().waiting_key() != nullptr && indentation_.allows(1 << 30, false)
                                        : indentation_.allows(column_of(event), false);
    if (!tag || !is_usual || !is_in_place) {
      return false;
    }
    if (is_plain && scalar.tag == nullptr && is_null(value)) {
      events_.OnNull(mark_, 0);
    } else {
      value_ = value;
      events_.OnScalar(mark_, *tag, 0, value_);
    }
    return true;
  }

  static bool is_null(std::string_view value) {
    return value.empty() || value == "~" || value == "null" || value == "Null" || value == "NULL";
  }

  /// False where the two parsers are known to differ.
  [[nodiscard]] bool is_of_one_reading(const yaml_event_t& event) const {
    const auto& scalar = event.data.scalar;
    const std::string_view written =
        text_.substr(event.start_mark.index, event.end_mark.index - event.start_mark.index);
    const bool is_key = indentation_.is_at_key();
    if (event.start_mark.line != event.end_mark.line) {
      return scalar.style == YAML_LITERAL_SCALAR_STYLE && scalar.tag == nullptr && !is_key;
    }
    if (is_key && event.start_mark.index > 0 && text_[event.start_mark.index - 1] == '?') {
      return false;
    }
    if (scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) {
      return has_simple_escapes(written);
    }
    const bool is_plain_in_flow = scalar.style == YAML_PLAIN_SCALAR_STYLE && indentation_.is_in_flow();
    return !is_plain_in_flow || (!written.empty() && written.find('?') == std::string_view::npos);
  }

  bool open_sequence(const yaml_event_t& event) {
    const auto& start = event.data.sequence_start;
    const bool is_flow = start.style == YAML_FLOW_SEQUENCE_STYLE;
    const auto tag = tag_of(start, "?");
    const bool has_known_column = is_flow || start.tag == nullptr;
    if (!tag || !has_known_column || !indentation_.allows(column_of(event), !is_flow)) {
      return false;
    }
    indentation_.open(column_of(event), is_flow, false);
    events_.OnSequenceStart(mark_, *tag, 0, style_of(is_flow));
    return true;
  }

  bool open_mapping(const yaml_event_t& event) {
    const auto& start = event.data.mapping_start;
    const bool is_flow = start.style == YAML_FLOW_MAPPING_STYLE;
    const auto tag = tag_of(start, "?");
    if (!tag || !indentation_.allows(column_of(event), false)) {
      return false;
    }
    indentation_.open(column_of(event), is_flow, true);
    events_.OnMapStart(mark_, *tag, 0, style_of(is_flow));
    return true;
  }

  static std::ptrdiff_t column_of(const yaml_event_t& event) {
    return static_cast<std::ptrdiff_t>(event.start_mark.column);
  }

  static YAML::EmitterStyle::value style_of(bool is_flow) {
    return is_flow ? YAML::EmitterStyle::Flow : YAML::EmitterStyle::Block;
  }

  /// None where there is more than a tag of the file's own, as it stands there.
  template <class Start>
  [[nodiscard]] std::optional<std::string> tag_of(const Start& start, const char* none) const {
    if (start.anchor != nullptr) {
      return std::nullopt;
    }
    if (start.tag == nullptr) {
      return none;
    }
    const std::string_view tag(reinterpret_cast<const char*>(start.tag));
    const std::string_view written = text_.substr(static_cast<std::size_t>(mark_.pos));
    const std::string_view behind = written.substr(std::min(tag.size(), written.size()), 1);
    const bool is_whole = written.starts_with(tag) && (behind.empty() || behind == " " || behind == "\n");
    const bool is_own = tag.size() > 1 && tag.front() == '!' && std::ranges::all_of(tag.substr(1), is_of_word);
    return is_own && is_whole ? std::optional(std::string(tag)) : std::nullopt;
  }

  std::string_view text_;
  YamlEvents events_;
  yaml_parser_t parser_{};
  YAML::Mark mark_;
  Indentation indentation_;
  std::string value_;
  std::size_t last_end_ = 0;   ///< of what was read
  std::size_t block_end_ = 0;  ///< of what was read outside of brackets
  bool has_document_ = false;
};

}  // namespace

std::optional<Document> read_yaml_quickly(const std::shared_ptr<const SourceText>& source, const TextFacts& facts) {
  if (!is_everyday(source->text, facts)) {
    return std::nullopt;
  }
  try {
    return QuickReader(source, facts).read();
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace ame
