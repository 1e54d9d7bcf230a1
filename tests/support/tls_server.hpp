// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/child.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

/// A certificate for 127.0.0.1 that is its own authority, made by openssl in the directory: `cert.pem` and `key.pem`.
void make_certificate(const std::filesystem::path& directory);

/// An HTTPS server on a loopback port of its own, with such a certificate: Python's own.
class TlsServer {
 public:
  explicit TlsServer(const TemporaryDirectory& directory);

  /// "https://127.0.0.1:40123"
  [[nodiscard]] const std::string& address() const { return address_; }

  [[nodiscard]] const std::filesystem::path& ca_file() const { return ca_file_; }

 private:
  std::filesystem::path ca_file_;
  Child server_;
  std::string address_;
};

}  // namespace ame
