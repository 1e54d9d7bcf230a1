// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_script.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace ame::clusters {

namespace {

constexpr const char* beginning = R"sh(#!/bin/sh
# Written by ame. Around a step: its files before, what it has changed after.
top={1}
in={0}
out={2}
say() {{ printf 'ame: %s\n' "$*" >&2; }}
tell() {{ printf '%s\n' "$*" >>"$out/state"; }}
tell "begun $(date +%s.%3N) $(uname -n)"

# The server keeps no files of a task that failed, so it is told that all is well, and ame the truth.
end() {{
  [ -f "$out/changes.tar" ] || : >"$out/changes.tar"
  tell "ended $1 $(date +%s.%3N) 0 0"
  exit 0
}}
fail() {{ say "$*"; end 125; }}

mkdir -p "$top/project" "$top/secrets" "$top/home" "$top/tmp" || fail "cannot write to $top"
chmod 700 "$top/secrets"
if [ ! -w /tmp ]; then TMPDIR=$top/tmp; export TMPDIR; fi
if [ -z "${{HOME:-}}" ] || [ ! -w "$HOME" ]; then HOME=$top/home; export HOME; fi
LC_ALL_BEFORE=${{LC_ALL-}}
cd "$top/project" || fail "cannot go to $top/project"

# Lines of the second file that are not in the first; both are sorted, with no line twice.
more() {{ sort "$1" "$1" "$2" | uniq -u; }}

# A file is told from another by its books: the time of its last change cannot be set back.
books() {{
  find . ! -type d -exec stat -c '%s %z %i %f %n' {{}} + | sort >"$top/$1.books"
  cut -d' ' -f7- <"$top/$1.books" | sort >"$top/$1.files"
  find . -type d | sort >"$top/$1.directories"
}}
put() {{
  case $3 in */*) mkdir -p -- "${{3%/*}}" ;; esac
  cp -- "$in/$1" "$3" && chmod "$2" "$3" || fail "cannot put $3 in its place"
}}
take() {{
  [ -s "$1" ] || return 0
  tar -xf "$1" ./.ame.gone ./.ame.made || fail "cannot read $1"
  while IFS= read -r name; do rm -rf -- "$name"; done <.ame.gone
  while IFS= read -r name; do mkdir -p -- "$name"; done <.ame.made
  tar -xf "$1" || fail "cannot unpack $1"
  rm -f .ame.gone .ame.made
}}
changes() {{
  books after
  more "$top/after.files" "$top/before.files" >"$top/gone"
  more "$top/after.directories" "$top/before.directories" >>"$top/gone"
  more "$top/before.directories" "$top/after.directories" >"$top/made"
  more "$top/before.books" "$top/after.books" | cut -d' ' -f7- >"$top/changed"
  mv "$top/gone" .ame.gone && mv "$top/made" .ame.made || return 1
  printf './.ame.gone\n./.ame.made\n' >>"$top/changed"
  pack <"$top/changed"
}}
# Small tars read no lists: for them what is to be packed is put apart.
pack() {{
  if tar --version 2>/dev/null | grep -q GNU; then
    tar -cf "$out/changes.tar" --no-unquote -T -
    return
  fi
  while IFS= read -r name; do
    mkdir -p -- "$top/apart/${{name%/*}}" && mv -- "$name" "$top/apart/$name" || return 1
  done
  tar -cf "$out/changes.tar" -C "$top/apart" .
}}

LC_ALL=C
export LC_ALL
tar -xf "$in/files.tar" || fail "cannot unpack the project's files"
)sh";

constexpr const char* running = R"sh(
books before
if [ -n "$LC_ALL_BEFORE" ]; then LC_ALL=$LC_ALL_BEFORE; else unset LC_ALL; fi
AME_CLUSTER_PROJECT=$top/project AME_CLUSTER_CACHE=$top/cache AME_SECRETS=$top/secrets AME_RUN_ID={0} /bin/sh {1}
code=$?
times >>"$out/state"
LC_ALL=C
export LC_ALL
cd "$top/project" && changes || fail "what the step has changed cannot be kept"
end "$code"
)sh";

}  // namespace

std::string tes_around_step(const AroundStep& around) {
  std::string text = fmt::format(fmt::runtime(beginning), tes_inputs, tes_work, tes_outputs);
  for (const LargeFile& file : around.large) {
    text +=
        fmt::format("put {} {} {}\n", file.hash, file.is_executable ? "755" : "644", shell_quoted("./" + file.path));
  }
  for (std::size_t index = 1; index <= around.changes; ++index) {
    text += fmt::format("take \"$in/changes-{}.tar\"\n", index);
  }
  if (around.has_secrets) {
    text += fmt::format("(umask 077 && cat \"$in/secrets\" >\"$top/secrets/\"{}) || fail 'no secrets'\n",
                        shell_quoted(around.name));
  }
  return text + fmt::format(fmt::runtime(running), shell_quoted(around.number), tes_step);
}

}  // namespace ame::clusters
