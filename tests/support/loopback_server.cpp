// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loopback_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <stdexcept>

namespace ame {

namespace {

constexpr int patience_ms = 20;  // between looks at whether the test is over

bool wait_readable(int descriptor, const std::atomic<bool>& stops) {
  while (!stops) {
    pollfd wanted{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, patience_ms) > 0) {
      return true;
    }
  }
  return false;
}

bool read_more(int connection, std::string& into, const std::atomic<bool>& stops) {
  if (!wait_readable(connection, stops)) {
    return false;
  }
  std::array<char, 65536> piece{};
  const ssize_t count = ::recv(connection, piece.data(), piece.size(), 0);
  if (count > 0) {
    into.append(piece.data(), static_cast<std::size_t>(count));
  }
  return count > 0;
}

void write_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  return text;
}

ReceivedRequest parse_head(const std::string& head) {
  ReceivedRequest request;
  const std::size_t first = head.find(' ');
  const std::size_t second = head.find(' ', first + 1);
  request.method = head.substr(0, first);
  request.target = head.substr(first + 1, second - first - 1);
  for (std::size_t begin = head.find("\r\n") + 2; begin < head.size();) {
    const std::size_t end = std::min(head.find("\r\n", begin), head.size());
    const std::string line = head.substr(begin, end - begin);
    if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
      const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
      request.headers[lower(line.substr(0, colon))] = line.substr(value);
    }
    begin = end + 2;
  }
  return request;
}

/// Takes one request off the front of what was read.
std::optional<ReceivedRequest> next_request(int connection, std::string& held, const std::atomic<bool>& stops) {
  std::size_t end = 0;
  while ((end = held.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more(connection, held, stops)) {
      return std::nullopt;
    }
  }
  ReceivedRequest request = parse_head(held.substr(0, end));
  held.erase(0, end + 4);
  const auto length = request.headers.find("content-length");
  const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
  while (held.size() < size) {
    if (!read_more(connection, held, stops)) {
      return std::nullopt;
    }
  }
  request.body = held.substr(0, size);
  held.erase(0, size);
  return request;
}

std::string text_of(const ScriptedAnswer& answer, const std::string& method) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& [name, value] : answer.headers) {
    text += name + ": " + value + "\r\n";
  }
  if (!answer.headers.contains("Content-Length")) {
    text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  }
  return text + "\r\n" + (method == "HEAD" ? "" : answer.body);
}

}  // namespace

LoopbackServer::LoopbackServer(Script script)
    : script_(std::move(script)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 || ::getsockname(listener_, any, &size) != 0) {
    throw std::runtime_error("cannot listen on loopback");
  }
  port_ = ::ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  stops_ = true;
  thread_.join();
  ::close(listener_);
}

std::string LoopbackServer::address() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

std::vector<ReceivedRequest> LoopbackServer::received() const {
  const std::scoped_lock lock(mutex_);
  return received_;
}

void LoopbackServer::serve() {
  while (wait_readable(listener_, stops_)) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) {
      serve_connection(connection);
      ::close(connection);
    }
  }
}

void LoopbackServer::serve_connection(int connection) {
  std::string held;
  while (auto request = next_request(connection, held, stops_)) {
    {
      const std::scoped_lock lock(mutex_);
      received_.push_back(*request);
    }
    const ScriptedAnswer answer = script_(*request);
    switch (answer.deed) {
      case ScriptedAnswer::Deed::answer:
        write_all(connection, text_of(answer, request->method));
        break;
      case ScriptedAnswer::Deed::raw:
        write_all(connection, answer.body);
        return;
      case ScriptedAnswer::Deed::say_nothing:
        read_more(connection, held, stops_);
        return;
    }
  }
}

}  // namespace ame
