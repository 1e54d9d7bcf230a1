// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/ports/http.hpp"
#include "core/ports/object_store.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/partial_file.hpp"
#include "core/system/sha256.hpp"

namespace ame {

/// Requests of one call that are under way at once.
constexpr std::size_t requests_at_once = 16;

/// Whom requests go to, and how long after a failure the first further attempt comes.
struct Patience {
  Http& http;
  std::string place;  ///< for messages
  std::chrono::milliseconds first_pause{200};
};

/// Made anew for each attempt: its signature holds the time.
using MakeRequest = std::function<HttpRequest()>;

/// Sends a request until it is answered for good: what is broken on the way, or refused for the moment, is tried again
/// a few times, with growing pauses. Throws Error(machine), which names the place, when there is no answer at last.
HttpResponse send_patiently(const Patience& patience, const MakeRequest& make);

/// The text of the first element of this name in XML; empty where there is none.
std::string xml_text(const std::string& document, const std::string& element);

/// A part of a file as the body of a request.
HttpUpload upload_of(const std::filesystem::path& file, std::uint64_t begin, std::uint64_t size);

/// SHA-256 of a part of a file.
std::string sha256_of(const std::filesystem::path& file, std::uint64_t begin, std::uint64_t size);

/// Throws unless the file has the content that the upload wants.
void require_content(const Upload& upload);

/// A file that comes piece by piece and appears whole, or not at all.
class ArrivingFile {
 public:
  /// The download outlives this.
  ArrivingFile(const Download& download, std::string place);

  void add(std::string_view bytes);

  /// Forgets what came: another attempt begins.
  void start_again();

  /// Throws when the content is not the one that was wanted.
  void finish();

 private:
  const Download& download_;
  std::string place_;
  PartialFile partial_;
  FileDescriptor file_;
  Sha256 hash_;
};

}  // namespace ame
