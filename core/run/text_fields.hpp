// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace ame {

/// Numbers and texts one after another, each text behind its length: any bytes, written and read in one pass. What they
/// mean is known by whoever reads.
class FieldWriter {
 public:
  explicit FieldWriter(std::string_view header)
      : out_(header) {}

  void add(std::string_view text) {
    out_ += std::to_string(text.size());
    out_ += ':';
    out_ += text;
  }

  void add(std::uint64_t number) {
    out_ += std::to_string(number);
    out_ += ',';
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Reads what a FieldWriter wrote. After the first field that is not what is asked for, everything is empty or 0.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text)
      : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty() || failed_; }

  [[nodiscard]] bool failed() const { return failed_; }

  std::string_view text() {
    const std::uint64_t size = number_before(':');
    failed_ = failed_ || size > rest_.size();
    if (failed_) {
      return {};
    }
    const std::string_view read = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return read;
  }

  std::uint64_t number() { return number_before(','); }

 private:
  std::uint64_t number_before(char mark) {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    const auto length = static_cast<std::size_t>(end - rest_.data());
    failed_ = failed_ || failure != std::errc() || length >= rest_.size() || rest_[length] != mark;
    rest_.remove_prefix(failed_ ? rest_.size() : length + 1);
    return failed_ ? 0 : value;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace ame
