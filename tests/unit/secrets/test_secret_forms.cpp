// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "core/secrets/secret_masker.hpp"

namespace ame {

namespace {

/// Whether nothing but `left_over` is left of `text` when `value` is the secret.
void check_masked(const std::string& value, const std::string& text, const std::string& left_over = "***") {
  SecretForms forms;
  forms.add_value(value);
  INFO("value " << value << ", text " << text);
  CHECK(masked(text, std::make_shared<const MaskPatterns>(forms)) == left_over);
}

}  // namespace

// The right sides were written by the programs named, not by us.
TEST_CASE("a secret is masked in base64 at any alignment") {
  const std::string value = "p@ss/w0rd+hunter2";
  check_masked(value, "cEBzcy93MHJkK2h1bnRlcjI=");                  // base64 <<< value
  check_masked(value, "YTpwQHNzL3cwcmQraHVudGVyMg==", "YTp***==");  // "a:" before it: Basic authentication of one byte
  check_masked(value, "YXA6cEBzcy93MHJkK2h1bnRlcjI=", "YXA6***");   // "ap:" before it
  check_masked(value, "eHBAc3MvdzByZCtodW50ZXIy", "eH***");         // "x" before it
  check_masked("\xff\xfe\xfd-binary-\xfb\xff", "__79LWJpbmFyeS37_w==");  // urlsafe_b64encode
}

TEST_CASE("a secret is masked in base64 that was wrapped into lines") {
  std::string value;
  for (int line = 0; line < 12; ++line) {
    value += "0123456789-abcdefgh-" + std::to_string(line * 7919) + ";";
  }
  SecretForms forms;
  forms.add_value(value);
  const auto patterns = std::make_shared<const MaskPatterns>(forms);
  std::string encoded;
  for (std::size_t index = 0; index < forms.count(); ++index) {
    const auto form = forms.form(index);
    if (form.starts_with("MDEyMzQ1Njc4OS1hYmNkZWZnaC0w") && form.find('\n') == std::string::npos &&
        form.size() > encoded.size()) {
      encoded = form;
    }
  }
  for (const std::size_t columns : {64U, 76U}) {
    std::string wrapped;
    std::string prefixed;
    for (std::size_t at = 0; at < encoded.size(); at += columns) {
      wrapped += encoded.substr(at, columns) + "\n";
      prefixed += "out: " + encoded.substr(at, columns) + "\n";
    }
    CHECK(masked(wrapped, patterns) == "***\n");
    CHECK(masked(prefixed, patterns).find("MDEyMzQ1") == std::string::npos);
    CHECK(masked(prefixed, patterns).find("out: ***\nout: ***\n") == 0);
  }
}

TEST_CASE("a secret is masked in hex") {
  check_masked("hunter2", "68756e74657232");
  check_masked("hunter2", "68756E74657232");
}

TEST_CASE("a secret is masked when it was escaped for a URL") {
  const std::string value = "p@ss w/rd?&\xc3\xa9=~*";
  check_masked(value, "p%40ss%20w%2Frd%3F%26%C3%A9%3D~%2A");  // urllib.parse.quote(v, safe="")
  check_masked(value, "p%40ss%20w/rd%3F%26%C3%A9%3D~%2A");    // urllib.parse.quote(v)
  check_masked(value, "p%40ss+w%2Frd%3F%26%C3%A9%3D~%2A");    // urllib.parse.quote_plus(v)
  check_masked(value, "p%40ss%20w%2frd%3f%26%c3%a9%3d~%2a");  // curl --data-urlencode, lower case
  check_masked(value, "p%40ss%20w%2Frd%3F%26%C3%A9%3D~*");    // encodeURIComponent
  check_masked(value, "p@ss%20w/rd?&%C3%A9=~*");              // encodeURI
  check_masked(value, "p%40ss+w%2Frd%3F%26%C3%A9%3D%7E*");    // URLSearchParams
}

TEST_CASE("a secret is masked when it was escaped as JSON") {
  const std::string value = "say \"hi\"\\ <b>/\n\t\xc3\xa9\xf0\x9f\x94\x91 &\x01.";
  check_masked(value, R"(say \"hi\"\\ <b>/\n\té🔑 &\u0001.)");                                // jq, ensure_ascii=False
  check_masked(value, R"(say \"hi\"\\ <b>/\n\t\u00e9\ud83d\udd11 &\u0001.)");                 // json.dumps
  check_masked(value, R"(say \"hi\"\\ <b>\/\n\t\u00e9\ud83d\udd11 &\u0001.)");                // json_encode of PHP
  check_masked(value, R"(say \"hi\"\\ \u003cb\u003e/\n\té🔑 \u0026\u0001.)");                 // encoding/json of Go
  check_masked(value, R"(say \"hi\"\\ \u003Cb\u003E/\n\t\u00E9\uD83D\uDD11 \u0026\u0001.)");  // System.Text.Json
}

TEST_CASE("a secret is masked when a program shows it as a literal") {
  check_masked("it's\n\xc3\xa9\x01.", R"(it's\né\x01.)");                             // repr(str), in double quotes
  check_masked("it's \"x\"\n\xc3\xa9", R"(it\'s "x"\né)");                            // repr(str), both quotes
  check_masked("caf\xc3\xa9\\\xf0\x9f\x94\x91", R"(caf\xe9\\\U0001f511)");            // ascii(str)
  check_masked("caf\xc3\xa9\\\xf0\x9f\x94\x91", R"(caf\xc3\xa9\\\xf0\x9f\x94\x91)");  // repr(bytes)
}

TEST_CASE("a secret is masked when a shell quoted it") {
  const std::string value = "it's $5 `now` \"!\" \\ end";
  check_masked(value, R"(it'\''s $5 `now` "!" \ end)");                // bash set -x
  check_masked(value, R"(it'"'"'s $5 `now` "!" \ end)");               // shlex.quote
  check_masked(value, R"(it's \$5 \`now\` \"!\" \\ end)");             // inside double quotes
  check_masked(value, R"(it\'s\ \$5\ \`now\`\ \"\!\"\ \\\ end)");      // printf %q
  check_masked("tab\there\n\xc3\xa9't", R"(tab\there\n\303\251\'t)");  // bash $'...'
}

TEST_CASE("a secret is masked when it was escaped for XML") {
  const std::string value = "a<b>&\"c\"'d'";
  check_masked(value, "a&lt;b&gt;&amp;\"c\"'d'");
  check_masked(value, "a&lt;b&gt;&amp;&quot;c&quot;&#x27;d&#x27;");  // html.escape
  check_masked(value, "a&lt;b&gt;&amp;&#34;c&#34;&#39;d&#39;");      // html/template of Go
}

TEST_CASE("a value's trailing line end need not be shown to be recognised") {
  check_masked("hunter2-token\n", "hunter2-token");
  check_masked("hunter2-token\n", "aHVudGVyMi10b2tlbgo=");  // base64 of the file
  check_masked("hunter2-token\n", "aHVudGVyMi10b2tlbg==");  // base64 of the word
}

TEST_CASE("equal forms are kept once") {
  SecretForms forms;
  forms.add_value("onlyletters");
  for (std::size_t left = 0; left < forms.count(); ++left) {
    for (std::size_t right = left + 1; right < forms.count(); ++right) {
      CHECK(forms.form(left) != forms.form(right));
    }
  }
  CHECK(forms.count() < 16);
}

}  // namespace ame
