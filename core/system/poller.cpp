// SPDX-License-Identifier: Apache-2.0
#include "core/system/poller.hpp"

#include <errno.h>
#include <sys/epoll.h>

#include <array>

#include "core/system/system_call.hpp"

namespace ame {

namespace {

constexpr std::uint64_t slot_bits = 28;
constexpr std::uint64_t kind_bits = 4;
constexpr std::size_t batch = 64;

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
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = packed(tag);
  return ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

std::optional<PollTag> Poller::next() {
  if (taken_ == ready_.size()) {
    return std::nullopt;
  }
  return ready_[taken_++];
}

void Poller::wait(int milliseconds) {
  std::array<epoll_event, batch> events;
  const int at_most = again_.empty() ? milliseconds : 0;
  const int count = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(batch), at_most);
  taken_ = 0;
  ready_.clear();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events.at(static_cast<std::size_t>(i));
    ready_.push_back(unpacked(event.data.u64));
    ready_.back().is_hung_up = (event.events & EPOLLHUP) != 0;
  }
  ready_.insert(ready_.end(), again_.begin(), again_.end());
  again_.clear();
}

}  // namespace ame
