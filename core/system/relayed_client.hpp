// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <span>

#include "core/system/file_descriptor.hpp"

namespace ame {

/// A client of a front door: waits for a server, then bytes go both ways until both sides have ended. Where a server
/// goes away with what the client has said unread, and has answered nothing, the client waits for the next. Never
/// blocks.
class RelayedClient {
 public:
  using Time = std::chrono::steady_clock::time_point;

  RelayedClient(FileDescriptor socket, Time now);

  [[nodiscard]] bool is_waiting() const { return !server_.socket.is_open(); }

  [[nodiscard]] Time since() const { return since_; }

  /// Begins to connect; it goes on waiting where nobody listens. Soon after such a failure nothing is tried.
  void lead_to(std::uint16_t port, Time now);

  /// What it waits for, of the client and of the server.
  void ask(std::span<pollfd, 2> interests) const;

  /// Passes on what can be. False: it is over.
  bool go_on(std::span<const pollfd, 2> found, Time now);

  /// Whether the client waits for an answer: it spoke last, or one of them just did.
  [[nodiscard]] bool is_busy(Time now) const;

 private:
  static constexpr std::size_t room = 64U << 10U;

  struct Side {
    FileDescriptor socket;
    std::array<char, room> bytes{};  ///< read from it
    std::size_t begin = 0;           ///< of what is not yet passed on
    std::size_t end = 0;
    bool has_ended = false;  ///< says no more
    bool was_told = false;   ///< knows that the other says no more
  };

  bool hear_client();
  bool hear_server();
  bool begin_anew();
  static bool read_some(Side& side);
  static bool write_some(Side& from, Side& to);
  static void tell_end(Side& from, Side& to);

  Side client_;
  Side server_;
  bool is_connecting_ = false;
  bool is_kept_ = true;  ///< all that the client has said, and the server has said nothing
  bool client_spoke_last_ = false;
  Time since_;
  Time next_try_;  ///< of connecting
  Time moved_;
};

}  // namespace ame
