// SPDX-License-Identifier: Apache-2.0
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/posix_front_door.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

FileDescriptor listening(std::uint16_t port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = loopback(port);
  REQUIRE(::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(socket.number(), 64) == 0);
  return socket;
}

FileDescriptor connected(std::uint16_t port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  const bool is_in = ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  return is_in ? std::move(socket) : FileDescriptor();
}

void say(const FileDescriptor& socket, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = ::send(socket.number(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    REQUIRE(count > 0);
    sent += static_cast<std::size_t>(count);
  }
}

std::string hear(const FileDescriptor& socket) {
  std::string text;
  std::array<char, 4096> room{};
  for (ssize_t count = ::recv(socket.number(), room.data(), room.size(), 0); count > 0;
       count = ::recv(socket.number(), room.data(), room.size(), 0)) {
    text.append(room.data(), static_cast<std::size_t>(count));
  }
  return text;
}

/// Answers each of so many clients with its name and what the client said, once that is over.
std::thread server(FileDescriptor listener, const std::string& name, int clients) {
  return std::thread([listener = std::move(listener), name, clients] {
    for (int client = 0; client < clients; ++client) {
      const FileDescriptor socket(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC));
      const std::string said = hear(socket);
      const std::string answer = name + said;
      for (std::size_t sent = 0; sent < answer.size();) {
        const ssize_t count = ::send(socket.number(), answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) {
          break;
        }
        sent += static_cast<std::size_t>(count);
      }
    }
  });
}

std::string answer_of(const FileDescriptor& client) {
  ::shutdown(client.number(), SHUT_WR);
  return hear(client);
}

}  // namespace

TEST_CASE("nobody comes in before the door is open, and then all are led to the server") {
  const TemporaryDirectory directory;
  PosixFrontDoor door;
  door.take(0, {});
  CHECK_FALSE(connected(door.port()).is_open());
  const std::uint16_t behind = door.free_port();
  std::thread serving = server(listening(behind), "a:", 2);
  door.open(behind, directory / "door");
  const FileDescriptor client = connected(door.port());
  const std::string much(5U << 20U, 'x');
  say(client, much);
  CHECK(answer_of(client) == "a:" + much);
  const FileDescriptor other = connected(door.port());
  CHECK(answer_of(other) == "a:");
  serving.join();
}

TEST_CASE("clients wait while the server is away") {
  const TemporaryDirectory directory;
  PosixFrontDoor door;
  door.take(0, {});
  const std::uint16_t behind = door.free_port();
  door.open(behind, directory / "door");  // where nobody listens yet
  const FileDescriptor early = connected(door.port());
  say(early, "early");
  door.hold();
  const FileDescriptor held = connected(door.port());
  say(held, "held");
  std::thread serving = server(listening(behind), "b:", 2);
  door.open(behind, directory / "door");
  // The server takes one after the other, and who comes first is not known.
  ::shutdown(held.number(), SHUT_WR);
  CHECK(answer_of(early) == "b:early");
  CHECK(answer_of(held) == "b:held");
  serving.join();
}

TEST_CASE("who was led to a server that went away without reading waits for the next") {
  const TemporaryDirectory directory;
  PosixFrontDoor door;
  door.take(0, {});
  const std::uint16_t behind = door.free_port();
  FileDescriptor dying = listening(behind);
  door.open(behind, directory / "door");
  const FileDescriptor client = connected(door.port());
  say(client, "question");
  FileDescriptor unread(::accept4(dying.number(), nullptr, nullptr, SOCK_CLOEXEC));
  pollfd waiting{.fd = unread.number(), .events = POLLIN, .revents = 0};
  REQUIRE(::poll(&waiting, 1, -1) == 1);
  ::shutdown(client.number(), SHUT_WR);
  SECTION("another takes its place") {
    dying.close();
    unread.close();
    std::thread serving = server(listening(behind), "next:", 1);
    CHECK(hear(client) == "next:question");
    serving.join();
  }
  SECTION("what was read is not said again") {
    std::array<char, 8> room{};
    REQUIRE(::recv(unread.number(), room.data(), room.size(), MSG_WAITALL) == 8);
    unread.close();
    CHECK(hear(client).empty());
  }
}

TEST_CASE("another door takes the port over, and who stands in line stays there") {
  const TemporaryDirectory directory;
  PosixFrontDoor first;
  first.take(0, {});
  const std::uint16_t behind_first = first.free_port();
  std::thread serving_first = server(listening(behind_first), "1:", 1);
  first.open(behind_first, directory / "first");
  const FileDescriptor client = connected(first.port());
  say(client, "in");

  PosixFrontDoor second;
  second.take(0, directory / "first");
  CHECK(second.port() == first.port());
  first.close();
  const std::uint16_t behind_second = second.free_port();
  std::thread serving_second = server(listening(behind_second), "2:", 1);
  const FileDescriptor in_line = connected(second.port());
  say(in_line, "line");
  second.open(behind_second, directory / "second");
  CHECK(answer_of(client) == "1:in");
  CHECK(answer_of(in_line) == "2:line");
  serving_first.join();
  serving_second.join();
}

TEST_CASE("a door that is gone is none, and a port of others is theirs") {
  const TemporaryDirectory directory;
  {
    PosixFrontDoor gone;
    gone.take(0, {});
    gone.open(1, directory / "gone");
  }
  CHECK_FALSE(std::filesystem::exists(directory / "gone"));
  PosixFrontDoor door;
  door.take(0, directory / "gone");
  CHECK(door.port() != 0);
  PosixFrontDoor other;
  const std::string port = std::to_string(door.port());
  door.open(1, directory / "door");
  CHECK(failure_of([&] { other.take(door.port(), {}); }) ==
        "port " + port + " of this machine is another program's\nhint: `--port` chooses another");
}

TEST_CASE("a client that waits for its answer is under way, one that has it is not") {
  const TemporaryDirectory directory;
  PosixFrontDoor door;
  door.take(0, {});
  const std::uint16_t behind = door.free_port();
  const FileDescriptor listener = listening(behind);
  door.open(behind, directory / "door");
  CHECK(door.busy() == 0);
  const FileDescriptor client = connected(door.port());
  say(client, "question");
  const FileDescriptor server(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC));
  std::array<char, 8> room{};
  REQUIRE(::recv(server.number(), room.data(), room.size(), MSG_WAITALL) == 8);
  CHECK(door.busy() == 1);
  say(server, "answer");
  REQUIRE(::recv(client.number(), room.data(), 6, MSG_WAITALL) == 6);
  while (door.busy() != 0) {
    ::poll(nullptr, 0, 10);
  }
  SUCCEED("the connection stays, and is not under way");
}

}  // namespace ame
