// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include "core/formats/text_check.hpp"
#include "core/formats/tree_builder.hpp"
#include "core/formats/yaml_places.hpp"

namespace ame {

/// Turns yaml-cpp's events into a tree, and adds what they do not say: exact places, quotes, kinds of tags.
class YamlEvents : public YAML::EventHandler {
 public:
  YamlEvents(std::shared_ptr<const SourceText> source, TextFacts facts);

  void OnDocumentStart(const YAML::Mark& mark) override;

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;

  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;

  void OnMapEnd() override { close(); }

  [[nodiscard]] TreeBuilder& tree() { return tree_; }

  /// To be told what yaml-cpp reads: what it holds back grows a hundredfold, so a single value must end in time.
  void note_read(std::size_t bytes);

  [[nodiscard]] const std::optional<LongQuote>& long_quote() const { return long_quote_; }

 private:
  struct Opening {
    const YAML::Mark& mark;
    const std::string& tag;
    YAML::anchor_t anchor = 0;
    YAML::EmitterStyle::value style = YAML::EmitterStyle::Default;
  };

  [[nodiscard]] std::size_t offset_of(const YAML::Mark& mark) const;
  Node placed(NodeStart start, std::size_t end);
  void set_tag(Node& node, NodeStart start, const std::string& tag);
  std::string_view kept_scalar(std::size_t at, const std::string& value);
  std::size_t end_of_scalar(std::size_t begin, const Node& node, const std::string& value);
  void check_colon(const Node& key);

  [[nodiscard]] bool is_in_flow() const { return !styles_.empty() && styles_.back() == YAML::EmitterStyle::Flow; }

  void open(NodeKind kind, const Opening& opening);
  void close();

  std::shared_ptr<const SourceText> source_;
  std::string_view text_;
  TextFacts facts_;
  PlaceCounter places_;
  TreeBuilder tree_;
  std::size_t last_begin_ = 0;  ///< of the newest thing that was read
  std::size_t last_end_ = 0;
  std::size_t read_ = 0;                           ///< bytes that yaml-cpp took
  std::vector<YAML::EmitterStyle::value> styles_;  ///< of what is open
  std::optional<std::size_t> document_begin_;
  std::optional<LongQuote> long_quote_;
};

}  // namespace ame
