// SPDX-License-Identifier: Apache-2.0
#include "core/run/step_book.hpp"

#include <algorithm>
#include <utility>

#include "core/run/text_fields.hpp"

namespace ame {

namespace {

constexpr std::string_view header = "ame steps 1\n";

/// So that going back and forth between a few states is quick, and the book stays small.
constexpr std::size_t kept_of_each = 8;

void write(FieldWriter& writer, const std::vector<BookedFile>& files) {
  writer.add(files.size());
  for (const BookedFile& file : files) {
    writer.add(file.path);
    writer.add(file.hash);
    writer.add(file.size);
    writer.add(static_cast<std::uint64_t>(file.modified_ns));
    writer.add(static_cast<std::uint64_t>(file.changed_ns));
    writer.add(file.inode);
    writer.add(std::uint64_t{file.mode});
  }
}

std::vector<BookedFile> read_files(FieldReader& reader) {
  std::vector<BookedFile> files;
  for (std::uint64_t count = reader.number(); count > 0 && !reader.failed(); --count) {
    BookedFile file;
    file.path = reader.text();
    file.hash = reader.text();
    file.size = reader.number();
    file.modified_ns = static_cast<std::int64_t>(reader.number());
    file.changed_ns = static_cast<std::int64_t>(reader.number());
    file.inode = reader.number();
    file.mode = static_cast<std::uint32_t>(reader.number());
    files.push_back(std::move(file));
  }
  return files;
}

BookedStep read_step(FieldReader& reader) {
  BookedStep step;
  for (std::string* const part :
       {&step.step, &step.run, &step.result, &step.command, &step.environment, &step.variables}) {
    *part = reader.text();
  }
  for (std::uint64_t count = reader.number(); count > 0 && !reader.failed(); --count) {
    const std::string name(reader.text());
    step.needs.push_back({.step = name, .result = std::string(reader.text())});
  }
  step.inputs = read_files(reader);
  step.outputs = read_files(reader);
  return step;
}

bool have_same_content(const std::vector<BookedFile>& left, const std::vector<BookedFile>& right) {
  return std::ranges::equal(
      left, right, [](const BookedFile& a, const BookedFile& b) { return a.path == b.path && a.hash == b.hash; });
}

}  // namespace

StepBook StepBook::parse(std::string_view text) {
  StepBook book;
  if (!text.starts_with(header)) {
    return book;
  }
  FieldReader reader(text.substr(header.size()));
  while (!reader.at_end()) {
    BookedStep step = read_step(reader);
    if (reader.failed()) {
      return {};
    }
    book.steps_[step.step].push_back(std::move(step));
  }
  return book;
}

std::string StepBook::text() const {
  FieldWriter writer(header);
  for (const auto& [name, steps] : steps_) {
    for (const BookedStep& step : steps) {
      for (const std::string* const part :
           {&step.step, &step.run, &step.result, &step.command, &step.environment, &step.variables}) {
        writer.add(*part);
      }
      writer.add(step.needs.size());
      for (const BookedNeed& need : step.needs) {
        writer.add(need.step);
        writer.add(need.result);
      }
      write(writer, step.inputs);
      write(writer, step.outputs);
    }
  }
  return writer.take();
}

const std::vector<BookedStep>& StepBook::of(const std::string& step) const {
  static const std::vector<BookedStep> nothing;
  const auto found = steps_.find(step);
  return found == steps_.end() ? nothing : found->second;
}

void StepBook::add(BookedStep step) {
  std::vector<BookedStep>& known = steps_[step.step];
  std::erase_if(known, [&step](const BookedStep& other) {
    return other.command == step.command && other.environment == step.environment &&
           other.variables == step.variables && other.needs == step.needs &&
           have_same_content(other.inputs, step.inputs);
  });
  known.insert(known.begin(), std::move(step));
  known.resize(std::min(known.size(), kept_of_each));
}

}  // namespace ame
