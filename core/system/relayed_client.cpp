// SPDX-License-Identifier: Apache-2.0
#include "core/system/relayed_client.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/system/system_call.hpp"

namespace ame {

namespace {

void send_at_once(const FileDescriptor& socket) {
  const int yes = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

bool is_for_later() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

RelayedClient::RelayedClient(FileDescriptor socket, Time now)
    : since_(now),
      next_try_(now),
      moved_(now) {
  client_.socket = std::move(socket);
  send_at_once(client_.socket);
}

void RelayedClient::lead_to(std::uint16_t port, Time now) {
  if (now < next_try_) {
    return;
  }
  constexpr std::chrono::milliseconds pause{100};
  next_try_ = now + pause;
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int failure = ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (failure != 0 && errno != EINPROGRESS) {
    return;
  }
  send_at_once(socket);
  is_connecting_ = true;
  server_.socket = std::move(socket);
}

void RelayedClient::ask(std::span<pollfd, 2> interests) const {
  const auto interest = [](const Side& side, const Side& other) {
    const bool reads = !side.has_ended && side.begin == side.end;
    const bool writes = other.begin != other.end;
    return pollfd{.fd = side.socket.number(),
                  .events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)),
                  .revents = 0};
  };
  if (is_waiting() || is_connecting_) {
    // What the client says, and that it says no more, is left to the kernel until somebody is there to hear it.
    interests[0] = {.fd = client_.socket.number(), .events = 0, .revents = 0};
    interests[1] = {.fd = server_.socket.number(), .events = POLLOUT, .revents = 0};
    return;
  }
  interests[0] = interest(client_, server_);
  interests[1] = interest(server_, client_);
}

bool RelayedClient::go_on(std::span<const pollfd, 2> found, Time now) {
  if (is_waiting()) {
    return found[0].revents == 0;
  }
  if (is_connecting_) {
    if (found[1].revents == 0) {
      return true;
    }
    int failure = 0;
    socklen_t size = sizeof failure;
    ::getsockopt(server_.socket.number(), SOL_SOCKET, SO_ERROR, &failure, &size);
    is_connecting_ = false;
    if (failure != 0) {
      server_.socket.close();  // Nothing was said yet, so it can wait for the next.
    }
    return true;
  }
  constexpr short readable = POLLIN | POLLHUP | POLLERR;
  bool has_moved = false;
  if ((found[0].revents & readable) != 0 && client_.begin == client_.end && !client_.has_ended) {
    if (!hear_client()) {
      return false;
    }
    has_moved = true;
  }
  if ((found[1].revents & readable) != 0 && server_.begin == server_.end && !server_.has_ended) {
    if (!hear_server()) {
      return begin_anew();
    }
    has_moved = true;
  }
  if (!write_some(client_, server_)) {
    return begin_anew();
  }
  if (!write_some(server_, client_)) {
    return false;
  }
  tell_end(client_, server_);
  tell_end(server_, client_);
  moved_ = has_moved ? now : moved_;
  return !(client_.was_told && server_.was_told);
}

/// What came before stays, as long as there is room and the server has not answered.
bool RelayedClient::hear_client() {
  is_kept_ = is_kept_ && client_.end < room;
  if (!is_kept_) {
    client_.begin = client_.end = 0;
  }
  const std::size_t before = client_.end;
  if (!read_some(client_)) {
    return false;
  }
  client_spoke_last_ = client_spoke_last_ || client_.end != before;
  return true;
}

bool RelayedClient::hear_server() {
  server_.begin = server_.end = 0;
  if (!read_some(server_)) {
    return false;
  }
  const bool has_spoken = server_.end != 0;
  client_spoke_last_ = client_spoke_last_ && !has_spoken;
  is_kept_ = is_kept_ && !has_spoken && !server_.has_ended;
  return true;
}

/// The server's connection broke. A kernel breaks it, and does not end it, where bytes came that nobody has read:
/// nothing can have come of them. False where it is not so, or where they are gone.
bool RelayedClient::begin_anew() {
  if (!is_kept_) {
    return false;
  }
  server_.socket.close();
  server_.was_told = false;
  client_.begin = 0;
  return true;
}

bool RelayedClient::is_busy(Time now) const {
  constexpr std::chrono::milliseconds just_now{500};
  return is_waiting() || is_connecting_ || client_spoke_last_ || now - moved_ < just_now;
}

/// After what it holds. False: the connection broke.
bool RelayedClient::read_some(Side& side) {
  const ssize_t count = without_interruption(
      [&] { return ::recv(side.socket.number(), side.bytes.data() + side.end, side.bytes.size() - side.end, 0); });
  if (count < 0) {
    return is_for_later();
  }
  side.has_ended = count == 0;
  side.end += static_cast<std::size_t>(count);
  return true;
}

bool RelayedClient::write_some(Side& from, Side& to) {
  while (from.begin != from.end) {
    const ssize_t count = without_interruption([&] {
      return ::send(to.socket.number(), from.bytes.data() + from.begin, from.end - from.begin, MSG_NOSIGNAL);
    });
    if (count < 0) {
      return is_for_later();
    }
    from.begin += static_cast<std::size_t>(count);
  }
  return true;
}

void RelayedClient::tell_end(Side& from, Side& to) {
  if (from.has_ended && from.begin == from.end && !to.was_told) {
    ::shutdown(to.socket.number(), SHUT_WR);
    to.was_told = true;
  }
}

}  // namespace ame
