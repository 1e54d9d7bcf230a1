// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ame {

/// What `ame` tells the shell. Part of the documented interface: do not renumber.
enum class ExitCode {
  success = 0,
  task_failed = 1,    ///< ame did its work, a task did not
  usage = 2,          ///< the command line is wrong
  bad_project = 3,    ///< ame.yml or a file it names is wrong
  machine = 4,        ///< this machine lacks something: a tool, disk, a permission
  cluster = 5,        ///< a cluster is unreachable, refuses, or does not know us
  bug = 70,           ///< a mistake in ame itself
  interrupted = 130,  ///< Ctrl-C or SIGTERM
};

}  // namespace ame
