// SPDX-License-Identifier: Apache-2.0
#include "cli/render/completion_scripts.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr const char* bash_script = R"(# completion of ame for bash: source <(ame completion bash)
_ame() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("${line%%$'\t'*}")
  done < <("${COMP_WORDS[0]}" internal complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _ame ame
)";

constexpr const char* zsh_script = R"(#compdef ame
# completion of ame for zsh: source <(ame completion zsh)
_ame() {
  local word text
  local -a candidates
  while IFS=$'\t' read -r word text; do
    candidates+=("${word//:/\\:}:$text")
  done < <("${words[1]}" internal complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#candidates )); then
    _describe -V 'ame' candidates
  else
    _files
  fi
}
if [ "$funcstack[1]" = "_ame" ]; then
  _ame "$@"
else
  compdef _ame ame
fi
)";

constexpr const char* fish_script = R"(# completion of ame for fish: ame completion fish | source
function __ame_complete
    set -l words (commandline -opc)
    $words[1] internal complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c ame -f -a '(__ame_complete)'
complete -c ame -s f -l file -r -F
complete -c ame -s C -l directory -x -a '(__fish_complete_directories)'
)";

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") {
    return bash_script;
  }
  if (shell == "zsh") {
    return zsh_script;
  }
  if (shell == "fish") {
    return fish_script;
  }
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("there is no completion for `{}`", shell),
                         .hint = "there is one for " + all_of({"bash", "zsh", "fish"})});
}

}  // namespace ame::cli
