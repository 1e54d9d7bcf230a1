// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ame {

/// Where a child's standard streams go.
enum class ChildStreams {
  pipes,     ///< two pipes; standard input is empty
  terminal,  ///< one pseudo-terminal for all three, of 80 columns
};

struct ChildRequest {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;
  std::filesystem::path directory;
  ChildStreams streams = ChildStreams::pipes;
  std::optional<long> largest_file;  ///< RLIMIT_FSIZE in bytes
};

/// A process with its own group (or session, on a terminal), killed with that group when a test forgets it.
class Child {
 public:
  explicit Child(const ChildRequest& request);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /// Blocks until `text` stands in what it wrote, on either stream. False when it ended or a minute passed before.
  bool wait_for(const std::string& text);

  /// Types, on its terminal.
  void type(const std::string& keys);

  /// Gives its terminal another size.
  void resize(int columns, int rows);

  /// To its whole group, as Ctrl-C does.
  void signal_group(int signal);

  /// To the process alone.
  void signal(int signal);

  /// Blocks until it ends and all was read; then exit code, or 128 and the signal. Kills it after a minute.
  int wait();

  [[nodiscard]] const std::string& out() const { return out_; }

  [[nodiscard]] const std::string& err() const { return err_; }

  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  void start_on_pipes(const ChildRequest& request);
  void start_on_terminal(const ChildRequest& request);
  bool read_some(int milliseconds);
  bool read_from(int& descriptor, std::string& into);

  pid_t pid_ = -1;
  int out_descriptor_ = -1;  ///< also the terminal's master side
  int err_descriptor_ = -1;
  std::string out_;
  std::string err_;
};

/// Whether a process of this number is alive (a zombie is not).
bool is_alive(pid_t pid);

}  // namespace ame
