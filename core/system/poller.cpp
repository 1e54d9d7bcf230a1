// SPDX-License-Identifier: Apache-2.0
#include "core/system/poller.hpp"

#include <errno.h>
#include <sys/epoll.h>

#include "core/system/system_call.hpp"

namespace ame {

namespace {

constexpr std::uint64_t slot_bits = 28;
constexpr std::uint64_t kind_bits = 4;

std::uint64_t packed(PollTag tag) {
  return (std::uint64_t{tag.generation} << (slot_bits + kind_bits)) | (std::uint64_t{tag.slot} << kind_bits) | tag.kind;
}

PollTag unpacked(std::uint64_t number) {
  return {.slot = static_cast<std::uint32_t>((number >> kind_bits) & ((1U << slot_bits) - 1)),
          .generation = static_cast<std::uint32_t>(number >> (slot_bits + kind_bits)),
          .kind = static_cast<std::uint8_t>(number & ((1U << kind_bits) - 1))};
}

}  // namespace

Poller::Poller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.is_open()) {
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot create an epoll instance", errno)});
  }
}

int Poller::add(int descriptor, PollTag tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = packed(tag);
  return ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

void Poller::remove(int descriptor) {
  ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, descriptor, nullptr);
}

std::optional<PollTag> Poller::next() {
  if (taken_ == ready_count_) {
    return std::nullopt;
  }
  return ready_[taken_++];
}

void Poller::wait(int milliseconds) {
  std::array<epoll_event, batch> events{};
  const int count = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(batch), milliseconds);
  taken_ = 0;
  ready_count_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  for (std::size_t i = 0; i < ready_count_; ++i) {
    ready_[i] = unpacked(events[i].data.u64);
  }
}

}  // namespace ame
