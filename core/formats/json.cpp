// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/formats/json_mistakes.hpp"
#include "core/formats/parse.hpp"
#include "core/formats/text_check.hpp"
#include "core/formats/tree_builder.hpp"
#include "core/formats/yaml_places.hpp"

namespace ame {
namespace {

/// The parser tells what it met, not where: this walks the same text beside it.
class JsonEvents : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonEvents(const std::shared_ptr<const SourceText>& source, TextFacts facts)
      : text_(source->text),
        at_(facts.begin),
        begin_(facts.begin),
        places_(text_, facts.begin, facts.ascii),
        tree_(source, MergeKeys::ignored) {}

  bool null() override { return add_word(NodeKind::null); }

  bool boolean(bool /*value*/) override { return add_word(NodeKind::scalar); }

  bool number_integer(number_integer_t /*value*/) override { return add_word(NodeKind::scalar); }

  bool number_unsigned(number_unsigned_t /*value*/) override { return add_word(NodeKind::scalar); }

  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return add_word(NodeKind::scalar); }

  bool string(string_t& value) override { return add_string(value); }

  bool key(string_t& value) override { return add_string(value); }

  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*size*/) override { return open(NodeKind::mapping); }

  bool start_array(std::size_t /*size*/) override { return open(NodeKind::sequence); }

  bool end_object() override { return close(); }

  bool end_array() override { return close(); }

  bool parse_error(std::size_t position,
                   const std::string& /*token*/,
                   const nlohmann::json::exception& exception) override {
    constexpr int number_out_of_range = 406;
    stop_ = {.right_until = at_,
             .stopped_at = begin_ + position,
             .is_after_key = tree_.waiting_key() != nullptr,
             .is_after_end = tree_.is_complete(),
             .is_too_large = exception.id == number_out_of_range};
    return false;
  }

  [[nodiscard]] TreeBuilder& tree() { return tree_; }

  [[nodiscard]] const JsonStop& stop() const { return stop_; }

 private:
  Node placed(std::size_t bytes) {
    const auto [line, column] = places_.at(at_);
    const std::size_t length = characters_in(text_.substr(at_, bytes));
    at_ += bytes;
    return {.line = line, .column = column, .length = static_cast<std::uint32_t>(length)};
  }

  void skip_to_token() { at_ = std::min(text_.find_first_not_of(" \t\r\n,:", at_), text_.size()); }

  bool add_word(NodeKind kind) {
    skip_to_token();
    const std::string_view word = text_.substr(at_, text_.find_first_of(" \t\r\n,:]}", at_) - at_);
    Node node = placed(word.size());
    node.kind = kind;
    node.scalar = word;
    tree_.add(node);
    return true;
  }

  bool add_string(const std::string& value) {
    skip_to_token();
    const std::string_view inside = text_.substr(at_ + 1, value.size());
    const bool as_written = inside == value;
    Node node = placed(end_of_quoted(text_, at_) - at_);
    node.kind = NodeKind::scalar;
    node.quoted = true;
    node.scalar = as_written ? inside : tree_.keep(value);
    tree_.add(node);
    return true;
  }

  bool open(NodeKind kind) {
    skip_to_token();
    Node node = placed(1);
    node.kind = kind;
    tree_.open(node);
    return true;
  }

  bool close() {
    skip_to_token();
    ++at_;
    tree_.close();
    return true;
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t begin_;
  JsonStop stop_;
  PlaceCounter places_;
  TreeBuilder tree_;
};

}  // namespace

Document parse_json(const std::shared_ptr<const SourceText>& source) {
  const TextFacts facts = check_text(*source);
  JsonEvents events(source, facts);
  const std::string_view text = std::string_view(source->text).substr(facts.begin);
  const bool done = nlohmann::json::sax_parse(text.begin(), text.end(), &events);
  std::vector<Diagnostic> problems = events.tree().problems();
  if (!done) {
    problems.push_back(explained_json(*source, events.stop()));
  }
  if (!problems.empty()) {
    throw Error(ExitCode::bad_project, std::move(problems));
  }
  return events.tree().finish();
}

}  // namespace ame
