// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <list>
#include <mutex>
#include <span>
#include <thread>

#include "core/ports/front_door.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/relayed_client.hpp"

namespace ame {

/// Passes bytes between clients and the server, in a thread of its own. Another process of the same user takes the
/// listening socket over through a socket in the file system: the kernel's queue of clients is the same one.
class PosixFrontDoor final : public FrontDoor {
 public:
  PosixFrontDoor();
  PosixFrontDoor(const PosixFrontDoor&) = delete;
  PosixFrontDoor& operator=(const PosixFrontDoor&) = delete;
  ~PosixFrontDoor() override;

  void take(std::uint16_t port, const std::filesystem::path& from) override;

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  void open(std::uint16_t server, const std::filesystem::path& here) override;
  void hold() override;
  void close() override;

  [[nodiscard]] std::size_t busy() const override { return busy_; }

  std::uint16_t free_port() override;

 private:
  /// What the thread is to do; changed under the lock.
  struct Orders {
    bool is_open = false;      ///< clients are let in
    std::uint16_t server = 0;  ///< 0: they wait
    bool is_over = false;
  };

  using Clients = std::list<RelayedClient>;

  void start();
  void wake() const;
  void serve();
  void shut();
  static std::size_t pass_on(Clients& clients, std::span<const pollfd> watched);
  std::size_t let_in(Clients& clients);
  [[nodiscard]] Orders orders();

  FileDescriptor listener_;
  FileDescriptor handover_;  ///< where another process asks for the listener
  FileDescriptor waker_;
  std::filesystem::path handover_path_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable closed_;
  bool is_closed_ = false;
  Orders orders_;
  std::atomic<std::size_t> busy_{0};
  std::chrono::steady_clock::time_point accept_again_;  ///< the thread's
  std::thread thread_;
};

}  // namespace ame
