// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/git_project_fetcher.hpp"
#include "tests/support/files.hpp"

using namespace ame;
namespace fs = std::filesystem;

namespace {

/// A repository on this disk, made with the real git, and an empty cache beside it.
class Fixture {
 public:
  Fixture() {
    std::string name = (fs::temp_directory_path() / "ame-fetch-XXXXXX").string();
    root_ = mkdtemp(name.data());
    git("init -q -b main .");
    commit("one");
    git("tag -a -m first v1");
    commit("two");
  }

  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  ~Fixture() { fs::remove_all(root_); }

  [[nodiscard]] std::string url() const { return "file://" + repository().string(); }

  [[nodiscard]] GitProjectFetcher fetcher() const { return GitProjectFetcher(root_ / "cache"); }

  void commit(const std::string& text) const {
    std::ofstream(repository() / "ame.yml") << text;
    git("add ame.yml");
    git("commit -q -m " + text);
  }

  void git(const std::string& arguments) const {
    fs::create_directories(repository());
    const std::string line = "cd '" + repository().string() +
                             "' && HOME=/nowhere git -c user.name=a -c user.email=a@b -c commit.gpgsign=false " +
                             arguments + " >/dev/null 2>&1";
    REQUIRE(std::system(line.c_str()) == 0);
  }

 private:
  [[nodiscard]] fs::path repository() const { return root_ / "repository"; }

  fs::path root_;
};

template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::bad_project);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a ref means the commit that the repository has for it now") {
  const Fixture fixture;
  GitProjectFetcher fetcher = fixture.fetcher();
  const std::string head = fetcher.resolve(fixture.url(), "", {});
  const std::string tag = fetcher.resolve(fixture.url(), "v1", {});
  CHECK(head.size() == 40);
  CHECK(fetcher.resolve(fixture.url(), "main", {}) == head);
  CHECK(tag != head);
  CHECK(fetcher.resolve(fixture.url(), tag, {}) == tag);
  CHECK(content_of(fetcher.fetch(fixture.url(), tag, {}) / "ame.yml") == "one");
  CHECK(content_of(fetcher.fetch(fixture.url(), head, {}) / "ame.yml") == "two");
}

TEST_CASE("what was fetched once is found without the repository") {
  const Fixture fixture;
  GitProjectFetcher fetcher = fixture.fetcher();
  const std::string head = fetcher.resolve(fixture.url(), "", {});
  CHECK_FALSE(fetcher.find(fixture.url(), head));
  const fs::path here = fetcher.fetch(fixture.url(), head, {});
  fixture.git("checkout -q --orphan empty");
  CHECK(fetcher.find(fixture.url(), head) == here);
  CHECK(fetcher.fetch(fixture.url(), head, {}) == here);
  CHECK_FALSE(fs::exists(here / ".git"));
}

TEST_CASE("a later commit is fetched into the same repository") {
  const Fixture fixture;
  GitProjectFetcher fetcher = fixture.fetcher();
  fetcher.fetch(fixture.url(), fetcher.resolve(fixture.url(), "", {}), {});
  fixture.commit("three");
  const std::string head = fetcher.resolve(fixture.url(), "", {});
  CHECK(content_of(fetcher.fetch(fixture.url(), head, {}) / "ame.yml") == "three");
}

TEST_CASE("a directory that a killed fetch left behind is made anew") {
  const Fixture fixture;
  GitProjectFetcher fetcher = fixture.fetcher();
  const std::string head = fetcher.resolve(fixture.url(), "", {});
  const fs::path here = fetcher.fetch(fixture.url(), head, {});
  fs::rename(here, here.string() + ".partial");
  std::ofstream(here.string() + ".partial/ame.yml") << "half";
  CHECK(content_of(fetcher.fetch(fixture.url(), head, {}) / "ame.yml") == "two");
}

TEST_CASE("what is not there is said by its name") {
  const Fixture fixture;
  GitProjectFetcher fetcher = fixture.fetcher();
  const std::string nowhere(40, '1');
  CHECK(message_of([&] { fetcher.resolve(fixture.url(), "nightly", {}); }) ==
        "the repository `" + fixture.url() + "` has no branch or tag `nightly`");
  CHECK(message_of([&] { fetcher.fetch(fixture.url(), nowhere, {}); }) ==
        "the repository `" + fixture.url() + "` has no commit " + nowhere);
  CHECK(message_of([&] {
          fetcher.resolve("file:///not/there", "", {});
        }).starts_with("the repository `file:///not/there` cannot be read: "));
}

TEST_CASE("a name that is a branch and a tag is no guess") {
  const Fixture fixture;
  fixture.git("branch v1");
  GitProjectFetcher fetcher = fixture.fetcher();
  CHECK(message_of([&] { fetcher.resolve(fixture.url(), "v1", {}); }) ==
        "`v1` is a branch and a tag of `" + fixture.url() + "`, and they differ");
}

TEST_CASE("a password in a url is not shown") {
  const Fixture fixture;
  GitProjectFetcher fetcher = fixture.fetcher();
  const std::string message = message_of([&] { fetcher.resolve("file://user:hunter2@localhost/not/there", "", {}); });
  CHECK(message.find("hunter2") == std::string::npos);
}
