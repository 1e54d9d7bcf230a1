// SPDX-License-Identifier: Apache-2.0
#include "core/model/secret_text.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include <sodium.h>

namespace ame {

namespace {

char* allocate(std::size_t size) {
  if (sodium_init() < 0) {
    throw std::bad_alloc();
  }
  auto* bytes = static_cast<char*>(sodium_malloc(size + 1));
  if (bytes == nullptr) {
    throw std::bad_alloc();
  }
  return bytes;
}

}  // namespace

void SecretText::Free::operator()(char* bytes) const {
  sodium_free(bytes);
}

SecretText::SecretText(std::string_view bytes)
    : bytes_(allocate(bytes.size())),
      size_(bytes.size()) {
  std::ranges::copy(bytes, bytes_.get());
  bytes_[size_] = '\0';
}

SecretText::SecretText(SecretText&& other) noexcept
    : bytes_(std::move(other.bytes_)),
      size_(std::exchange(other.size_, 0)) {}

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

SecretText SecretText::of_size(std::size_t size) {
  SecretText text;
  text.bytes_.reset(allocate(size));
  text.size_ = size;
  std::memset(text.bytes_.get(), 0, size + 1);
  return text;
}

bool SecretText::same_as(const SecretText& other) const {
  return size_ == other.size_ && sodium_memcmp(reveal().data(), other.reveal().data(), size_) == 0;
}

void SecretBuffer::append(std::string_view bytes) {
  if (room_.size() - size_ < bytes.size()) {
    constexpr std::size_t smallest = 4096 - 64;  // one page with the allocator's own bookkeeping
    SecretText larger = SecretText::of_size(std::max({smallest, size_ + bytes.size(), size_ * 2}));
    std::ranges::copy(reveal(), larger.writable());
    room_ = std::move(larger);
  }
  std::ranges::copy(bytes, room_.writable() + size_);
  size_ += bytes.size();
}

void SecretBuffer::shrink(std::size_t size) {
  if (size < size_) {
    sodium_memzero(room_.writable() + size, size_ - size);
    size_ = size;
  }
}

SecretText SecretBuffer::take() {
  SecretText exact(reveal());
  room_ = SecretText();
  size_ = 0;
  return exact;
}

void wipe(std::string& text) {
  wipe_memory(text.data(), text.size());
  text.clear();
}

void wipe_memory(void* bytes, std::size_t size) {
  sodium_memzero(bytes, size);
}

}  // namespace ame
