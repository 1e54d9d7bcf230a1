// SPDX-License-Identifier: Apache-2.0
#include "core/system/posix_front_door.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/system/system_call.hpp"
#include "core/system/without_signals.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_wait{30};
constexpr std::chrono::milliseconds look_again{250};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

FileDescriptor socket_of(int family) {
  FileDescriptor made(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made.is_open()) {
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot make a socket", errno)});
  }
  return made;
}

std::uint16_t port_of(const FileDescriptor& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

FileDescriptor bound_to(std::uint16_t port) {
  FileDescriptor socket = socket_of(AF_INET);
  const int yes = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = loopback(port);
  if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const bool is_taken = errno == EADDRINUSE;
    throw Error(ExitCode::machine,
                Diagnostic{.message = is_taken ? fmt::format("port {} of this machine is another program's", port)
                                               : with_errno(fmt::format("cannot take port {}", port), errno),
                           .hint = is_taken ? "`--port` chooses another" : ""});
  }
  return socket;
}

/// Names of sockets are short, and those of directories are not: the directory is named by its open descriptor.
class SocketName {
 public:
  explicit SocketName(const fs::path& path)
      : directory_(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    const std::string name = fmt::format("/proc/self/fd/{}/{}", directory_.number(), path.filename().string());
    address_.sun_family = AF_UNIX;
    name.copy(address_.sun_path, sizeof address_.sun_path - 1);
  }

  [[nodiscard]] const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }

  [[nodiscard]] socklen_t size() const { return sizeof address_; }

 private:
  FileDescriptor directory_;
  sockaddr_un address_{};
};

/// A message of one byte, with room for a descriptor beside it. It points into itself.
class DescriptorMessage {
 public:
  DescriptorMessage() {
    message_.msg_iov = &content_;
    message_.msg_iovlen = 1;
    message_.msg_control = room_;
    message_.msg_controllen = sizeof room_;
  }

  DescriptorMessage(const DescriptorMessage&) = delete;
  DescriptorMessage& operator=(const DescriptorMessage&) = delete;
  ~DescriptorMessage() = default;

  void send(const FileDescriptor& to, int descriptor) {
    cmsghdr* const header = CMSG_FIRSTHDR(&message_);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    ::sendmsg(to.number(), &message_, MSG_NOSIGNAL);
  }

  /// Not open when none came.
  FileDescriptor receive(const FileDescriptor& from) {
    const ssize_t count = without_interruption([&] { return ::recvmsg(from.number(), &message_, MSG_CMSG_CLOEXEC); });
    const cmsghdr* const header = count == 1 ? CMSG_FIRSTHDR(&message_) : nullptr;
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) {
      return {};
    }
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return FileDescriptor(descriptor);
  }

 private:
  char byte_ = 'd';
  iovec content_{.iov_base = &byte_, .iov_len = 1};
  alignas(cmsghdr) char room_[CMSG_SPACE(sizeof(int))] = {};
  msghdr message_{};
};

FileDescriptor handed_over(const fs::path& from) {
  if (from.empty()) {
    return {};
  }
  const FileDescriptor asked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketName name(from);
  if (::connect(asked.number(), name.address(), name.size()) != 0) {
    return {};
  }
  return DescriptorMessage().receive(asked);
}

void hand_over(const FileDescriptor& handover, const FileDescriptor& listener) {
  const FileDescriptor asking(::accept4(handover.number(), nullptr, nullptr, SOCK_CLOEXEC));
  ucred who{};
  socklen_t size = sizeof who;
  if (!asking.is_open() || ::getsockopt(asking.number(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 ||
      who.uid != ::geteuid()) {
    return;
  }
  DescriptorMessage().send(asking, listener.number());
}

}  // namespace

PosixFrontDoor::PosixFrontDoor()
    : waker_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

PosixFrontDoor::~PosixFrontDoor() {
  if (thread_.joinable()) {
    {
      const std::scoped_lock guard(mutex_);
      orders_.is_over = true;
    }
    wake();
    thread_.join();
  }
  if (!handover_path_.empty()) {
    std::error_code ignored;
    fs::remove(handover_path_, ignored);
  }
}

void PosixFrontDoor::take(std::uint16_t port, const fs::path& from) {
  FileDescriptor other = handed_over(from);
  const bool is_the_same = other.is_open() && (port == 0 || port_of(other) == port);
  listener_ = is_the_same ? std::move(other) : bound_to(port);
  port_ = port_of(listener_);
}

void PosixFrontDoor::open(std::uint16_t server, const fs::path& here) {
  constexpr int clients_in_line = 1024;
  if (!thread_.joinable()) {
    ::listen(listener_.number(), clients_in_line);
    handover_ = socket_of(AF_UNIX);
    const SocketName name(here);
    std::error_code ignored;
    fs::remove(here, ignored);
    if (::bind(handover_.number(), name.address(), name.size()) != 0 || ::listen(handover_.number(), 1) != 0) {
      throw machine_error("make", here, errno);
    }
    handover_path_ = here;
  }
  {
    const std::scoped_lock guard(mutex_);
    orders_.is_open = true;
    orders_.server = server;
  }
  start();
}

void PosixFrontDoor::hold() {
  const std::scoped_lock guard(mutex_);
  orders_.server = 0;
}

void PosixFrontDoor::close() {
  if (!thread_.joinable()) {
    listener_.close();
    return;
  }
  std::unique_lock guard(mutex_);
  orders_.is_open = false;
  wake();
  closed_.wait(guard, [this] { return is_closed_; });
}

std::uint16_t PosixFrontDoor::free_port() {
  return port_of(bound_to(0));
}

void PosixFrontDoor::start() {
  if (thread_.joinable()) {
    wake();
    return;
  }
  const WithoutSignals guard;
  thread_ = std::thread([this] { serve(); });
}

void PosixFrontDoor::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(waker_.number(), &one, sizeof one);
}

PosixFrontDoor::Orders PosixFrontDoor::orders() {
  const std::scoped_lock guard(mutex_);
  return orders_;
}

/// In the thread. The line of clients lives on where another door shares it.
void PosixFrontDoor::shut() {
  listener_.close();
  handover_.close();
  const std::scoped_lock guard(mutex_);
  is_closed_ = true;
  closed_.notify_all();
}

void PosixFrontDoor::serve() {
  constexpr std::size_t fixed = 3;
  Clients clients;
  std::vector<pollfd> watched;
  while (true) {
    const Orders wanted = orders();
    if (wanted.is_over) {
      return;
    }
    if (!wanted.is_open) {
      shut();
    }
    const auto before = Clock::now();
    const bool lets_in = before >= accept_again_;
    watched.assign({{.fd = waker_.number(), .events = POLLIN, .revents = 0},
                    {.fd = lets_in ? listener_.number() : -1, .events = POLLIN, .revents = 0},
                    {.fd = handover_.number(), .events = POLLIN, .revents = 0}});
    for (RelayedClient& client : clients) {
      if (client.is_waiting() && wanted.server != 0) {
        client.lead_to(wanted.server, before);
      }
      std::array<pollfd, 2> interests{};
      client.ask(interests);
      watched.insert(watched.end(), interests.begin(), interests.end());
    }
    // Those who wait are looked after now and then; nothing else needs a clock.
    ::poll(watched.data(), watched.size(), clients.empty() && lets_in ? -1 : static_cast<int>(look_again.count()));
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t ignored = ::read(waker_.number(), &count, sizeof count);
    std::size_t busy = pass_on(clients, std::span(watched).subspan(fixed));
    if ((watched[1].revents & POLLIN) != 0) {
      busy += let_in(clients);
    }
    if ((watched[2].revents & POLLIN) != 0 && handover_.is_open()) {
      hand_over(handover_, listener_);
    }
    busy_ = busy;
  }
}

/// How many of them are under way.
std::size_t PosixFrontDoor::pass_on(Clients& clients, std::span<const pollfd> watched) {
  const auto now = Clock::now();
  std::size_t busy = 0;
  for (auto client = clients.begin(); client != clients.end();) {
    const auto found = watched.first<2>();
    watched = watched.subspan(2);
    const bool waits_too_long = client->is_waiting() && now - client->since() > longest_wait;
    if (waits_too_long || !client->go_on(found, now)) {
      client = clients.erase(client);
      continue;
    }
    busy += client->is_busy(now) ? 1 : 0;
    ++client;
  }
  return busy;
}

/// How many came.
std::size_t PosixFrontDoor::let_in(Clients& clients) {
  const auto now = Clock::now();
  for (std::size_t came = 0;; ++came) {
    FileDescriptor socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.is_open()) {
      // Where no descriptor is left they stay in the kernel's line until some client has gone.
      accept_again_ = errno == EMFILE || errno == ENFILE ? now + look_again : accept_again_;
      return came;
    }
    clients.emplace_back(std::move(socket), now);
  }
}

}  // namespace ame
