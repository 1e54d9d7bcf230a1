// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_contents.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include "core/model/secret.hpp"
#include "core/secrets/secret_faults.hpp"

namespace ame {

namespace {

template <int size>
void put_number(SecretBuffer& bytes, std::uint64_t value) {
  for (int place = 0; place < size; ++place) {
    bytes.push_back(static_cast<char>(value >> (8U * static_cast<unsigned>(place)) & 0xFFU));
  }
}

void put_time(SecretBuffer& bytes, UtcTime time) {
  put_number<8>(bytes, static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

/// Reads from the front; once it is asked for more than there is, everything it says is empty and `failed`.
class ContentsReader {
 public:
  explicit ContentsReader(std::string_view bytes)
      : rest_(bytes) {}

  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    const std::string_view bytes = take(size);
    for (std::size_t place = 0; place < bytes.size(); ++place) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[place])) << (8U * place);
    }
    return value;
  }

  UtcTime time() { return UtcTime{std::chrono::microseconds{static_cast<std::int64_t>(number(8))}}; }

  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

SecretText encode_contents(const SecretContents& contents) {
  SecretBuffer bytes;
  put_number<4>(bytes, contents.size());
  for (const auto& [key, secret] : contents) {
    put_number<2>(bytes, key.size());
    bytes.append(key);
    put_time(bytes, secret.created);
    put_time(bytes, secret.changed);
    put_number<4>(bytes, secret.value.size());
    bytes.append(secret.value.reveal());
  }
  while (bytes.size() % contents_granularity != 0) {
    bytes.push_back('\0');
  }
  return bytes.take();
}

SecretContents decode_contents(std::string_view bytes, const std::string& file) {
  SecretContents contents;
  ContentsReader reader(bytes);
  const std::uint64_t count = reader.number(4);
  for (std::uint64_t index = 0; index < count && !reader.failed(); ++index) {
    std::string key(reader.take(reader.number(2)));
    const UtcTime created = reader.time();
    const UtcTime changed = reader.time();
    const std::string_view value = reader.take(reader.number(4));
    if (reader.failed() || !is_secret_key(key)) {
      throw damaged_file(file, "what is in it makes no sense");
    }
    contents.insert_or_assign(std::move(key),
                              StoredSecret{.value = SecretText(value), .created = created, .changed = changed});
  }
  if (reader.failed()) {
    throw damaged_file(file, "what is in it makes no sense");
  }
  return contents;
}

}  // namespace ame
