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

/// Nobody answered, after all attempts. Its message names the place.
class Unreachable : public Error {
 public:
  using Error::Error;
};

/// Whom requests go to, and how long after a failure the first further attempt comes.
struct Patience {
  Http& http;
  std::string place;  ///< for messages
  std::chrono::milliseconds first_pause{200};
};

/// Made anew for each attempt: its signature holds the time.
using MakeRequest = std::function<HttpRequest()>;

/// Sends a request until it is answered for good: what is broken on the way, or refused for the moment, is tried again
/// a few times, with growing pauses, or with the pause that the server asks for in `Retry-After`, up to a minute.
/// Throws Unreachable when there is no answer at last.
HttpResponse send_patiently(const Patience& patience, const MakeRequest& make);

/// The text of the first element of this name in XML; empty where there is none.
std::string xml_text(const std::string& document, const std::string& element);

/// A part of a file.
struct FilePart {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};

/// What a request carries: a text or a part of a file, and what it hashes to, for servers that compare.
struct Payload {
  std::string text;
  std::filesystem::path file;  ///< empty: it is the text
  FilePart part;
  std::string sha256;
  std::string md5;  ///< in base64; for dialects that send it

  static Payload of(std::string text);
  static Payload of_part(std::filesystem::path file, FilePart part, std::string sha256);

  [[nodiscard]] std::uint64_t size() const { return file.empty() ? text.size() : part.size; }
};

/// Puts it into the body of a request.
void give_payload(const Payload& payload, HttpRequest& request);

/// Calls `take` with all the bytes of a part, piece by piece. Throws Error(machine) where there are fewer.
void read_part(const std::filesystem::path& file, FilePart part, const std::function<void(std::string_view)>& take);

/// SHA-256 of a part of a file.
std::string sha256_of(const std::filesystem::path& file, FilePart part);

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
