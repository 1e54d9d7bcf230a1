// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/directories.hpp"

namespace ame {

TEST_CASE("AME_HOME holds everything", "[directories]") {
  CHECK(directories_from({{"AME_HOME", "/a"}, {"HOME", "/home/me"}, {"XDG_STATE_HOME", "/s"}}) ==
        Directories{.config = "/a/config", .state = "/a/state", .cache = "/a/cache"});
}

TEST_CASE("without AME_HOME the XDG directories count", "[directories]") {
  CHECK(directories_from({{"HOME", "/home/me"}}) == Directories{.config = "/home/me/.config/ame",
                                                                .state = "/home/me/.local/state/ame",
                                                                .cache = "/home/me/.cache/ame"});
  CHECK(directories_from({{"XDG_CONFIG_HOME", "/c"}, {"XDG_STATE_HOME", "/s"}, {"XDG_CACHE_HOME", "/k"}}) ==
        Directories{.config = "/c/ame", .state = "/s/ame", .cache = "/k/ame"});
}

TEST_CASE("a relative XDG directory is ignored, as its specification wants", "[directories]") {
  CHECK(directories_from({{"HOME", "/home/me"}, {"XDG_STATE_HOME", "state"}}).state == "/home/me/.local/state/ame");
}

TEST_CASE("a relative AME_HOME is refused", "[directories]") {
  CHECK_THROWS_WITH(directories_from({{"AME_HOME", "a"}}), "AME_HOME is `a`, which is not an absolute path");
}

}  // namespace ame
