// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace ame {

/// Text that must not be seen. It lies in memory of its own that is guarded, left out of core dumps, kept from swap
/// where the system allows, and wiped at the end. It cannot be copied, printed or compared by accident: whoever needs
/// the bytes says so with reveal().
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string_view bytes);

  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(SecretText&& other) noexcept;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText() = default;

  bool operator==(const SecretText&) const = delete;

  /// Zeros, to be filled through writable().
  static SecretText of_size(std::size_t size);

  /// The bytes, with a NUL behind them. Good for as long as this is not moved from, assigned or destroyed.
  [[nodiscard]] std::string_view reveal() const { return {bytes_ == nullptr ? "" : bytes_.get(), size_}; }

  [[nodiscard]] char* writable() { return bytes_.get(); }

  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] bool empty() const { return size_ == 0; }

  [[nodiscard]] SecretText clone() const { return SecretText(reveal()); }

  /// In a time that tells nothing of where they differ.
  [[nodiscard]] bool same_as(const SecretText& other) const;

 private:
  struct Free {
    void operator()(char* bytes) const;
  };

  std::unique_ptr<char[], Free> bytes_;
  std::size_t size_ = 0;
};

/// Collects a SecretText piece by piece; what it outgrows is wiped.
class SecretBuffer {
 public:
  void append(std::string_view bytes);

  void push_back(char byte) {
    if (size_ < room_.size()) {
      room_.writable()[size_++] = byte;
    } else {
      append({&byte, 1});
    }
  }

  /// Forgets and wipes everything from `size` on. Requires size <= size().
  void shrink(std::size_t size);

  [[nodiscard]] std::string_view reveal() const { return room_.reveal().substr(0, size_); }

  [[nodiscard]] std::size_t size() const { return size_; }

  /// What was collected; the buffer is empty afterwards.
  SecretText take();

 private:
  SecretText room_;
  std::size_t size_ = 0;
};

/// Overwrites the text, then empties it.
void wipe(std::string& text);

/// As memset to zero, but never optimised away.
void wipe_memory(void* bytes, std::size_t size);

/// Gives memory back wiped: for containers through which secret bytes pass.
template <class Value>
struct WipingAllocator {
  using value_type = Value;

  WipingAllocator() = default;

  template <class Other>
  WipingAllocator(const WipingAllocator<Other>& /*other*/) {}  // NOLINT(google-explicit-constructor)

  Value* allocate(std::size_t count) { return std::allocator<Value>().allocate(count); }

  void deallocate(Value* memory, std::size_t count) {
    wipe_memory(memory, count * sizeof(Value));
    std::allocator<Value>().deallocate(memory, count);
  }

  bool operator==(const WipingAllocator&) const = default;
};

using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

}  // namespace ame
