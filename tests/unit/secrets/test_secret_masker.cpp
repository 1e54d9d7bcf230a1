// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/secrets/secret_masker.hpp"

namespace ame {

namespace {

std::shared_ptr<const MaskPatterns> patterns_of_values(const std::vector<std::string>& values) {
  SecretForms forms;
  for (const std::string& value : values) {
    forms.add_value(value);
  }
  return std::make_shared<const MaskPatterns>(forms);
}

std::shared_ptr<const MaskPatterns> patterns_as_they_are(const std::vector<std::string>& texts) {
  SecretForms forms;
  for (const std::string& text : texts) {
    forms.put(text);
    forms.end_form();
  }
  return std::make_shared<const MaskPatterns>(forms);
}

/// What must come out, said in the plainest way: mark every byte of every occurrence, then write.
std::string oracle(const std::string& text, const std::vector<std::string>& patterns) {
  std::vector<bool> hidden(text.size());
  for (const std::string& pattern : patterns) {
    for (std::size_t at = text.find(pattern); at != std::string::npos; at = text.find(pattern, at + 1)) {
      std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(at), pattern.size(), true);
    }
  }
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (!hidden[index]) {
      result += text[index];
    } else if (index == 0 || !hidden[index - 1]) {
      result += mask_text;
    }
  }
  return result;
}

class Random {
 public:
  explicit Random(unsigned seed)
      : engine_(seed) {}

  std::size_t between(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(engine_);
  }

  std::string text(std::size_t length, std::size_t letters) {
    std::string result;
    while (result.size() < length) {
      result += static_cast<char>('a' + between(0, letters - 1));
    }
    return result;
  }

 private:
  std::mt19937 engine_;
};

std::string masked_in_pieces(const std::string& text,
                             const std::shared_ptr<const MaskPatterns>& patterns,
                             Random& random) {
  std::string result;
  const auto collect = [&result](std::string_view bytes) { result.append(bytes); };
  SecretMasker masker(patterns);
  const std::size_t longest = random.between(1, 40);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = random.between(0, longest);
    masker.write(std::string_view(text).substr(at, length), collect);
    at += length;
  }
  masker.finish(collect);
  return result;
}

}  // namespace

TEST_CASE("any cut of any text is masked as the whole is") {
  Random random(20260101);
  for (int round = 0; round < 1500; ++round) {
    const std::size_t letters = random.between(1, 4);
    std::vector<std::string> patterns(random.between(1, 12));
    for (std::string& pattern : patterns) {
      pattern = random.text(random.between(5, round % 3 == 0 ? 40 : 9), letters);
    }
    std::string text;
    while (text.size() < 200) {
      const std::string& pattern = patterns[random.between(0, patterns.size() - 1)];
      text += random.text(random.between(0, 12), letters + 1);
      text += pattern.substr(0, random.between(1, pattern.size()));
      text += random.between(0, 1) == 0 ? pattern : "";
    }
    INFO("round " << round << ": " << text);
    REQUIRE(masked_in_pieces(text, patterns_as_they_are(patterns), random) == oracle(text, patterns));
  }
}

TEST_CASE("a secret is masked though it comes byte by byte") {
  const auto patterns = patterns_of_values({"hunter2-correct-horse"});
  std::string result;
  const auto collect = [&result](std::string_view bytes) { result.append(bytes); };
  SecretMasker masker(patterns);
  for (const char byte : std::string("password=hunter2-correct-horse;\n")) {
    masker.write({&byte, 1}, collect);
  }
  CHECK(result == "password=***;\n");
}

TEST_CASE("only what may be the beginning of a secret is held back") {
  const auto patterns = patterns_of_values({"hunter2-correct-horse"});
  std::string result;
  const auto collect = [&result](std::string_view bytes) { result.append(bytes); };
  SecretMasker masker(patterns);
  masker.write("Password: ", collect);
  CHECK(result == "Password: ");
  masker.write("hunt", collect);
  CHECK(result == "Password: ");
  masker.write("ing season", collect);
  CHECK(result == "Password: hunting season");
  masker.write(" hunter2-correct-hors", collect);
  CHECK(result == "Password: hunting season ");
  masker.finish(collect);
  CHECK(result == "Password: hunting season hunter2-correct-hors");
}

TEST_CASE("overlapping and neighbouring secrets become one mask") {
  const auto patterns = patterns_as_they_are({"abcdef", "defghi", "12345"});
  CHECK(masked("abcdefghi", patterns) == "***");
  CHECK(masked("abcdefdefghi12345.", patterns) == "***.");
  CHECK(masked("abcdef defghi", patterns) == "*** ***");
}

TEST_CASE("short values do not mask the log") {
  CHECK(patterns_of_values({"", "true", "  1  ", "root\n"})->empty());
  CHECK(masked("root is true", patterns_of_values({"true", "root"})) == "root is true");
  CHECK(masked("the mode is admin", patterns_of_values({"admin"})) == "the mode is ***");
}

TEST_CASE("each line of a secret of several lines is masked") {
  const std::string key = "-----BEGIN KEY-----\n  MIIEowIBAAKCAQEA\n  x\r\n  7Zk8/qqLpA==\n-----END KEY-----\n";
  const auto patterns = patterns_of_values({key});
  CHECK(masked("got MIIEowIBAAKCAQEA!", patterns) == "got ***!");
  CHECK(masked("7Zk8/qqLpA== and x", patterns) == "*** and x");
  CHECK(masked("all: " + key + ".", patterns) == "all: ***.");
  CHECK(masked("cut: " + key.substr(0, key.size() - 1) + ".", patterns) == "cut: ***.");
}

TEST_CASE("a very long secret is masked in any pieces") {
  Random random(7);
  const std::string value = random.text(1 << 18, 26);
  const auto patterns = patterns_of_values({value});
  std::string result;
  const auto collect = [&result](std::string_view bytes) { result.append(bytes); };
  SecretMasker masker(patterns);
  const std::string text = "before " + value + " after";
  for (std::size_t at = 0; at < text.size(); at += 499) {
    masker.write(std::string_view(text).substr(at, 499), collect);
  }
  masker.finish(collect);
  CHECK(result == "before *** after");
}

TEST_CASE("binary output goes through untouched") {
  std::string bytes;
  for (int value = 0; value < 1024; ++value) {
    bytes += static_cast<char>(value * 7);
  }
  CHECK(masked(bytes, patterns_of_values({"hunter2-correct-horse"})) == bytes);
  CHECK(masked(bytes, std::make_shared<const MaskPatterns>()) == bytes);
}

}  // namespace ame
