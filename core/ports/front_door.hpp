// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace ame {

/// A TCP port of this machine, on loopback, that leads to a server behind it. Which server that is can change while
/// clients come in: none of them is turned away for it.
class FrontDoor {
 public:
  virtual ~FrontDoor() = default;

  /// Takes the port, without letting anybody in. 0: the one of the door at `from`, or else any that is free. Where the
  /// door at `from` has this port, it is shared with it, and clients may come in by either until one is closed. An
  /// empty path is no door, nor is one whose process is gone. Throws Error(machine) when another program has the port.
  virtual void take(std::uint16_t port, const std::filesystem::path& from) = 0;

  /// The port that was taken.
  [[nodiscard]] virtual std::uint16_t port() const = 0;

  /// Clients that come in from now on are led to the server at this port of loopback. Those who are in stay where they
  /// are. `here` is where another door may take the port over from; it is gone with this one.
  virtual void open(std::uint16_t server, const std::filesystem::path& here) = 0;

  /// The server is away: who comes in waits until open(), half a minute at most.
  virtual void hold() = 0;

  /// Nobody comes in any more; who is in stays.
  virtual void close() = 0;

  /// Clients whose requests are not answered yet, as far as one can tell who does not know what they speak.
  [[nodiscard]] virtual std::size_t busy() const = 0;

  /// A port of loopback that is free at the moment, for a server.
  virtual std::uint16_t free_port() = 0;
};

}  // namespace ame
