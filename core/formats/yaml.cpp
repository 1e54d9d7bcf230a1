// SPDX-License-Identifier: Apache-2.0
#include <istream>
#include <streambuf>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "core/formats/parse.hpp"
#include "core/formats/text_check.hpp"
#include "core/formats/yaml_events.hpp"
#include "core/formats/yaml_mistakes.hpp"
#include "core/formats/yaml_quickly.hpp"

namespace ame {
namespace {

constexpr std::size_t most_documents = 1000;

/// Reads a text where it is, without a copy, and tells how much was taken.
class TextBuffer : public std::streambuf {
 public:
  TextBuffer(std::string_view text, YamlEvents& events)
      : events_(events) {
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }

 protected:
  std::streamsize xsgetn(char* into, std::streamsize wanted) override {
    const std::streamsize taken = std::streambuf::xsgetn(into, wanted);
    events_.note_read(static_cast<std::size_t>(taken));
    return taken;
  }

 private:
  YamlEvents& events_;
};

void refuse_more_documents(const SourceText& source) {
  throw Error(ExitCode::bad_project,
              {.message = fmt::format("the file has more than {} documents", most_documents),
               .where = SourceSpan{.file = source.file},
               .hint = "split it into several files"});
}

std::vector<Document> read_documents(const std::shared_ptr<const SourceText>& source,
                                     YamlEvents& events,
                                     std::size_t begin) {
  TextBuffer buffer(std::string_view(source->text).substr(begin), events);
  std::istream stream(&buffer);
  YAML::Parser parser(stream);
  std::vector<Document> documents;
  while (parser.HandleNextDocument(events)) {
    if (documents.size() == most_documents) {
      refuse_more_documents(*source);
    }
    documents.push_back(events.tree().finish());
  }
  if (documents.empty()) {
    documents.push_back(events.tree().finish());
  }
  return documents;
}

}  // namespace

std::vector<Document> read_yaml_carefully(const std::shared_ptr<const SourceText>& source, const TextFacts& facts) {
  YamlEvents events(source, facts);
  std::vector<Diagnostic> problems;
  try {
    std::vector<Document> documents = read_documents(source, events, facts.begin);
    problems = events.tree().problems();
    if (problems.empty()) {
      return documents;
    }
  } catch (const YAML::Exception& exception) {
    problems = events.tree().problems();
    problems.push_back(explained({.source = *source,
                                  .offset = facts.begin + static_cast<std::size_t>(std::max(exception.mark.pos, 0)),
                                  .reason = exception.msg,
                                  .long_quote = events.long_quote()}));
  }
  throw Error(ExitCode::bad_project, std::move(problems));
}

std::vector<Document> parse_yaml_documents(const std::shared_ptr<const SourceText>& source) {
  const TextFacts facts = check_text(*source);
  if (auto document = read_yaml_quickly(source, facts)) {
    std::vector<Document> documents;
    documents.push_back(*std::move(document));
    return documents;
  }
  return read_yaml_carefully(source, facts);
}

Document parse_yaml(const std::shared_ptr<const SourceText>& source) {
  std::vector<Document> documents = parse_yaml_documents(source);
  if (documents.size() > 1) {
    const Document& second = documents[1];
    throw Error(ExitCode::bad_project,
                {.message = fmt::format("the file has {} documents, and only one is allowed here", documents.size()),
                 .where = span_of(second.place_of(second.root())),
                 .expected = "the second begins here",
                 .hint = "split the file at the line `---`"});
  }
  return std::move(documents.front());
}

}  // namespace ame
