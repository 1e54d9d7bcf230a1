// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace ame {

/// The variable by which processes are recognised that lost their parents: AME_TREE=<owner>.<start>.<number>, after the
/// marks of outer ames, each followed by a slash.
inline constexpr const char* process_mark = "AME_TREE";

/// Who marked a process: its number and the kernel ticks of its start.
struct MarkOwner {
  pid_t pid = 0;
  std::uint64_t started = 0;
};

/// This process.
MarkOwner this_mark_owner();

/// What a process is marked with: a variable, which names all owners from the outermost on, and a number that stays
/// also when the variables are dropped (process_stamp.hpp).
struct ProcessMark {
  std::string variable;  ///< `KEY=value`
  std::uint64_t stamp = 0;
};

/// `KEY=value` up to the number that tells the trees of one owner apart.
std::string mark_prefix(MarkOwner owner);

/// Whether the process was started with exactly this mark, or within a tree that was; as far as ame may look.
bool carries_mark(pid_t pid, const ProcessMark& mark);

/// Whether the process belongs to any tree of that owner.
bool carries_mark_of(pid_t pid, MarkOwner owner);

}  // namespace ame
