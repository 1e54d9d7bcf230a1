// SPDX-License-Identifier: Apache-2.0
#include "core/data/snapshot_file.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace ame {

namespace {

constexpr std::string_view first_line = "ame tree 1\n";
constexpr std::string_view last_line = "\nend of tree\n";

template <class Number>
void put(std::string& bytes, Number number) {
  static_assert(std::is_integral_v<Number>);
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes.append(raw, sizeof number);
}

void put_text(std::string& bytes, std::string_view text) {
  put(bytes, static_cast<std::uint32_t>(text.size()));
  bytes += text;
}

/// Reads what put() wrote; once it ran over the end, everything is 0.
class Reader {
 public:
  explicit Reader(std::string_view bytes)
      : rest_(bytes) {}

  template <class Number>
  Number number() {
    Number number = 0;
    if (has(sizeof number)) {
      std::memcpy(&number, rest_.data(), sizeof number);
      rest_.remove_prefix(sizeof number);
    }
    return number;
  }

  std::string_view text() {
    const auto size = number<std::uint32_t>();
    if (!has(size)) {
      return {};
    }
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

  [[nodiscard]] bool is_whole() const { return !is_short_ && rest_ == last_line; }

  [[nodiscard]] bool is_short() const { return is_short_; }

 private:
  bool has(std::size_t size) {
    is_short_ = is_short_ || rest_.size() < size;
    return !is_short_;
  }

  std::string_view rest_;
  bool is_short_ = false;
};

}  // namespace

std::string snapshot_bytes(const Snapshot& snapshot) {
  std::string bytes(first_line);
  constexpr std::size_t usual_entry = 200;
  bytes.reserve(snapshot.tree.size() * usual_entry);
  put(bytes, static_cast<std::uint64_t>(snapshot.tree.size()));
  for (std::size_t index = 0; index < snapshot.tree.size(); ++index) {
    const TreeEntry& entry = snapshot.tree[index];
    put_text(bytes, entry.path);
    put(bytes, static_cast<std::uint8_t>(entry.kind));
    put(bytes, entry.mode);
    put(bytes, entry.size);
    put(bytes, entry.inode);
    put(bytes, entry.modified_ns);
    put(bytes, entry.changed_ns);
    put_text(bytes, snapshot.hashes[index]);
  }
  bytes += last_line;
  return bytes;
}

std::optional<Snapshot> read_snapshot(std::string_view bytes) {
  if (!bytes.starts_with(first_line)) {
    return std::nullopt;
  }
  Reader reader(bytes.substr(first_line.size()));
  const auto count = reader.number<std::uint64_t>();
  Snapshot snapshot;
  constexpr std::size_t least_entry = 45;
  if (count > bytes.size() / least_entry) {
    return std::nullopt;
  }
  snapshot.tree.reserve(count);
  snapshot.hashes.reserve(count);
  for (std::uint64_t index = 0; index < count && !reader.is_short(); ++index) {
    TreeEntry& entry = snapshot.tree.emplace_back();
    entry.path = reader.text();
    entry.kind = reader.number<std::uint8_t>() == 0 ? TreeEntryKind::file : TreeEntryKind::link;
    entry.mode = reader.number<std::uint32_t>();
    entry.size = reader.number<std::uint64_t>();
    entry.inode = reader.number<std::uint64_t>();
    entry.modified_ns = reader.number<std::int64_t>();
    entry.changed_ns = reader.number<std::int64_t>();
    snapshot.hashes.emplace_back(reader.text());
  }
  return reader.is_whole() ? std::optional(std::move(snapshot)) : std::nullopt;
}

}  // namespace ame
