// SPDX-License-Identifier: Apache-2.0
//
// usage: bench_masker      masks 64 MB of log with 50 secrets, beside memcpy and `grep -F` in the same run
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/secrets/secret_masker.hpp"

namespace {

constexpr std::size_t log_size = 64U << 20U;
constexpr std::size_t chunk_size = 64U << 10U;

std::string word(std::mt19937& random, std::size_t length, const std::string& letters) {
  std::string result;
  std::uniform_int_distribution<std::size_t> letter(0, letters.size() - 1);
  while (result.size() < length) {
    result += letters[letter(random)];
  }
  return result;
}

std::vector<std::string> fifty_secrets(std::mt19937& random) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-";
  std::vector<std::string> secrets;
  for (std::size_t index = 0; index < 50; ++index) {
    secrets.push_back(word(random, 5 + index, letters));
  }
  return secrets;
}

/// What a training run prints, with a secret in every thousandth line.
std::string log_with(const std::vector<std::string>& secrets, std::mt19937& random) {
  std::string text;
  text.reserve(log_size + 256);
  for (std::size_t line = 0; text.size() < log_size; ++line) {
    text += "2026-01-01T12:00:00.123Z INFO epoch " + std::to_string(line) + " loss=0." + std::to_string(random()) +
            " accuracy=0." + std::to_string(random()) + " saved to /data/checkpoints/model-" + std::to_string(line) +
            ".pt";
    text += line % 1000 == 0 ? " token=" + secrets[line / 1000 % secrets.size()] + "\n" : "\n";
  }
  return text;
}

template <class Work>
double best_seconds(Work work) {
  double best = 1e9;
  for (int run = 0; run < 5; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

double masking_seconds(const std::string& text,
                       const std::shared_ptr<const ame::MaskPatterns>& patterns,
                       std::size_t& out) {
  return best_seconds([&] {
    out = 0;
    ame::SecretMasker masker(patterns);
    const auto count = [&out](std::string_view bytes) { out += bytes.size(); };
    for (std::size_t at = 0; at < text.size(); at += chunk_size) {
      masker.write(std::string_view(text).substr(at, chunk_size), count);
    }
    masker.finish(count);
  });
}

void show(const char* label, double seconds, double ours) {
  std::printf(
      "  %-44s %8.0f MB/s   the masker takes %5.2f times as long\n", label, log_size / seconds / 1e6, ours / seconds);
}

}  // namespace

int main() {
  std::mt19937 random(1);
  const auto secrets = fifty_secrets(random);
  const std::string text = log_with(secrets, random);
  ame::SecretForms forms;
  for (const std::string& secret : secrets) {
    forms.add_value(secret);
  }
  const auto patterns = std::make_shared<const ame::MaskPatterns>(forms);
  std::size_t written = 0;
  const double ours = masking_seconds(text, patterns, written);
  std::printf("masking 64 MB of log in pieces of 64 KB (best of 5), 50 secrets of 5 to 54 bytes in %zu forms\n",
              patterns->count());
  std::printf("  %-44s %8.0f MB/s\n", "SecretMasker", log_size / ours / 1e6);

  std::string copy(text.size(), '\0');
  show("memcpy", best_seconds([&] { std::memcpy(copy.data(), text.data(), text.size()); }), ours);
  show("one std::string::find for each plain secret",
       best_seconds([&] {
         for (const std::string& secret : secrets) {
           for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 1)) {
             copy[at] = '*';
           }
         }
       }),
       ours);

  const std::string directory = std::getenv("TMPDIR") != nullptr ? std::getenv("TMPDIR") : "/tmp";
  const std::string log_file = directory + "/ame-bench-masker.log";
  const std::string pattern_file = directory + "/ame-bench-masker.patterns";
  std::ofstream(log_file, std::ios::binary) << text;
  std::ofstream list(pattern_file);
  for (std::size_t index = 0; index < forms.count(); ++index) {
    list << forms.form(index) << "\n";
  }
  list.close();
  const std::string grep = "LC_ALL=C grep -F -c -f " + pattern_file + " " + log_file + " > " + pattern_file + ".count";
  int status = 0;
  show("grep -F -c with the same forms", best_seconds([&] { status |= std::system(grep.c_str()); }), ours);
  std::remove(log_file.c_str());
  std::remove(pattern_file.c_str());
  std::remove((pattern_file + ".count").c_str());
  return status == 0 && log_size / ours >= 300e6 ? 0 : 1;
}
