// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_file.hpp"

#include <fmt/format.h>

#include "core/base64.hpp"
#include "core/secrets/sealed_text.hpp"
#include "core/secrets/secret_faults.hpp"
#include "core/text.hpp"

namespace ame {

namespace {

constexpr std::string_view first_line = "ame-secrets/1";
constexpr std::string_view family = "ame-secrets/";
constexpr std::size_t most_stanzas = 16;
constexpr std::size_t longest_header = 8192;

/// The next line of the header, without its end.
std::string_view take_line(std::string_view& rest, const std::string& path) {
  const std::size_t end = rest.substr(0, longest_header).find('\n');
  if (end == std::string_view::npos) {
    throw damaged_file(path, "its header has no end");
  }
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

void require_version(std::string_view line, const std::string& path) {
  if (line == first_line) {
    return;
  }
  if (line.starts_with(family) && line.size() < 40) {
    throw secret_fault(fmt::format("`{}` is a secret file of another version: `{}`", path, line),
                       "use the version of ame that wrote it, or a newer one");
  }
  throw secret_fault(fmt::format("`{}` is no secret file of ame", path));
}

/// "payload NONCE SIZE"
void read_payload_line(std::string_view line, SecretFileHeader& header, std::size_t payload, const std::string& path) {
  constexpr std::string_view word = "payload ";
  const std::size_t space = line.rfind(' ');
  if (!line.starts_with(word) || space < word.size()) {
    throw damaged_file(path, "its header cannot be read");
  }
  auto nonce = bytes_of_base64(line.substr(word.size(), space - word.size()));
  const auto size = plain_number(line.substr(space + 1));
  if (!nonce || nonce->size() != nonce_size || !size) {
    throw damaged_file(path, "its header cannot be read");
  }
  if (payload != *size) {
    throw damaged_file(path,
                       payload < *size ? fmt::format("{} of {} bytes are missing at its end", *size - payload, *size)
                                       : counted(payload - *size, "byte") + " too many at its end");
  }
  header.nonce = std::move(*nonce);
}

}  // namespace

SecretFileHeader read_secret_header(std::string_view file, const std::string& path) {
  if (file.size() > largest_secret_file) {
    throw damaged_file(path, "it is larger than any that ame writes");
  }
  if (file.empty()) {
    throw damaged_file(path, "it is empty");
  }
  std::string_view rest = file;
  if (!file.starts_with(first_line)) {
    require_version(file.substr(0, std::min(file.find('\n'), std::size_t{40})), path);
  }
  require_version(take_line(rest, path), path);
  SecretFileHeader header;
  std::string_view line = take_line(rest, path);
  while (!line.starts_with("payload ")) {
    const auto stanza = stanza_of_line(line);
    if (!stanza || header.stanzas.size() == most_stanzas) {
      throw damaged_file(path, "its header cannot be read");
    }
    header.stanzas.push_back(*stanza);
    line = take_line(rest, path);
  }
  if (header.stanzas.empty() || !take_line(rest, path).empty()) {
    throw damaged_file(path, "its header cannot be read");
  }
  header.size = file.size() - rest.size();
  read_payload_line(line, header, rest.size(), path);
  return header;
}

SecretContents open_secret_file(std::string_view file,
                                const SecretFileHeader& header,
                                const SecretText& data_key,
                                const std::string& path) {
  const Seal seal{.key = data_key, .nonce = header.nonce, .bound_to = file.substr(0, header.size)};
  const auto text = opened(file.substr(header.size), seal);
  if (!text) {
    throw damaged_file(path, "it was changed after ame wrote it");
  }
  return decode_contents(text->reveal(), path);
}

std::string make_secret_file(const SecretContents& contents,
                             const std::vector<KeyStanza>& stanzas,
                             const SecretText& data_key) {
  const SecretText text = encode_contents(contents);
  const std::string nonce = random_bytes(nonce_size);
  std::string file = fmt::format("{}\n", first_line);
  for (const KeyStanza& stanza : stanzas) {
    file += line_of_stanza(stanza) + "\n";
  }
  file += fmt::format("payload {} {}\n\n", base64_of(nonce), text.size() + seal_overhead);
  if (file.size() + text.size() + seal_overhead > largest_secret_file) {
    throw secret_fault("the secrets together are larger than the 16 MiB that a secret file may have");
  }
  file += sealed(text.reveal(), {.key = data_key, .nonce = nonce, .bound_to = file});
  return file;
}

}  // namespace ame
