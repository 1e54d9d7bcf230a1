// SPDX-License-Identifier: Apache-2.0
#include "core/system/child_launch.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <cstddef>
#include <new>
#include <string_view>

#include "core/system/kernel_action.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

constexpr std::size_t stack_size = 64 << 10;
constexpr std::size_t guard_size = 4 << 10;
constexpr std::string_view shell = "/bin/sh";

/// Where programs are looked for that are named without a directory.
std::string_view search_path_of(const ProcessRequest& request) {
  constexpr std::string_view key = "PATH=";
  std::string_view path;
  const auto look = [&](const std::vector<std::string>& environment) {
    for (const std::string& entry : environment) {
      path = entry.starts_with(key) ? std::string_view(entry).substr(key.size()) : path;
    }
  };
  look(request.environment);
  if (path.data() == nullptr && request.inherited) {
    look(*request.inherited);
  }
  return path;
}

/// `KEY=` of `KEY=value`.
std::string_view key_of(std::string_view entry) {
  return entry.substr(0, entry.find('=') + 1);
}

std::vector<std::string> programs_named(const std::string& name, const ProcessRequest& request) {
  if (name.empty() || name.find('/') != std::string::npos) {
    return {name};
  }
  std::string_view search_path = search_path_of(request);
  if (search_path.empty()) {
    search_path = "/usr/local/bin:/usr/bin:/bin";
  }
  std::vector<std::string> programs;
  while (true) {
    const std::size_t end = std::min(search_path.find(':'), search_path.size());
    const std::string_view directory = search_path.substr(0, end);
    programs.push_back((directory.empty() ? "." : std::string(directory)) + "/" + name);
    if (end == search_path.size()) {
      return programs;
    }
    search_path.remove_prefix(end + 1);
  }
}

std::size_t size_of(const std::vector<std::string>& texts) {
  std::size_t size = texts.size();
  for (const std::string& text : texts) {
    size += text.size();
  }
  return size;
}

}  // namespace

ChildSettings::ChildSettings()
    : parent_(::getpid()),
      null_input_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      terminal_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)),
      descriptors_(::open(own_descriptors.data(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (!null_input_.is_open()) {
    throw machine_error("open", "/dev/null", errno);
  }
  ::getrlimit(RLIMIT_NOFILE, &open_files_);
  const rlimit raised = {.rlim_cur = open_files_.rlim_max, .rlim_max = open_files_.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &raised);
  rlimit stamps{};
  if (::getrlimit(RLIMIT_LOCKS, &stamps) == 0) {
    highest_stamp_ = stamps.rlim_max;
  }

  for (int signal = 1; signal < NSIG; ++signal) {
    KernelAction current{};
    const bool known = ::syscall(SYS_rt_sigaction, signal, nullptr, &current, signal_set_size) == 0;
    // A hang-up that ame ignores (nohup) is none of its children's business either.
    if (known && current.handler != SIG_DFL && !(signal == SIGHUP && current.handler == SIG_IGN)) {
      signals_to_reset_.push_back(signal);
    }
  }
}

ChildLaunch::ChildLaunch()
    : stack_(::mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)) {
  if (stack_ == MAP_FAILED) {
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot get memory", errno)});
  }
  ::mprotect(stack_, guard_size, PROT_NONE);
  void* const shared = ::mmap(nullptr, sizeof(ChildOrders), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    ::munmap(stack_, stack_size);
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot get memory", errno)});
  }
  orders_ = new (shared) ChildOrders;
}

ChildLaunch::~ChildLaunch() {
  ::munmap(orders_, sizeof(ChildOrders));
  ::munmap(stack_, stack_size);
}

void* ChildLaunch::top_of_stack() const {
  return static_cast<std::byte*>(stack_) + stack_size;
}

void ChildLaunch::set_up(const ProcessRequest& request,
                         const ProcessMark& mark,
                         ChildOutputs outputs,
                         const ChildSettings& settings) {
  *orders_ = {};
  copy_texts(request, mark);
  orders_->programs = programs_.data();
  orders_->arguments = arguments_.data();
  orders_->environment = environment_.data();
  orders_->outputs = outputs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    std::array<char, 32>& path = orders_->output_paths.at(i);
    char* const name = std::ranges::copy(own_descriptors, path.begin()).out;
    *std::to_chars(name, path.end() - 1, outputs.at(i).read_end).ptr = '\0';
  }
  orders_->descriptors = settings.descriptors();
  orders_->null_input = settings.null_input();
  orders_->terminal = settings.terminal();
  orders_->open_files = settings.open_files();
  orders_->stamp = {.rlim_cur = mark.stamp, .rlim_max = settings.highest_stamp()};
  orders_->has_stamp = mark.stamp <= settings.highest_stamp();
  orders_->signals_to_reset = settings.signals_to_reset().data();
  orders_->signal_count = settings.signals_to_reset().size();
  orders_->parent = settings.parent();
}

void ChildLaunch::copy_texts(const ProcessRequest& request, const ProcessMark& mark) {
  const auto programs = programs_named(request.argv.front(), request);
  const std::string& directory = request.directory.native();
  texts_.clear();
  // At once: what the pointers point to must not move.
  texts_.reserve(size_of(programs) + shell.size() + 1 + size_of(request.argv) + size_of(request.environment) +
                 mark.variable.size() + 1 + directory.size() + 1);

  programs_.clear();
  for (const std::string& program : programs) {
    programs_.push_back(keep(program));
  }
  programs_.push_back(nullptr);

  arguments_.assign(1, keep(shell));
  for (const std::string& argument : request.argv) {
    arguments_.push_back(keep(argument));
  }
  arguments_.push_back(nullptr);

  add_environment(request, mark);
  orders_->directory = keep(directory);
}

/// What is shared is not copied: it stays where it is until this serves the next child.
void ChildLaunch::add_environment(const ProcessRequest& request, const ProcessMark& mark) {
  keys_.assign(1, key_of(mark.variable));
  std::bitset<256> first_letters;
  first_letters.set(static_cast<unsigned char>(mark.variable.front()));
  environment_.clear();
  for (const std::string& entry : request.environment) {
    if (!entry.starts_with(keys_.front())) {
      environment_.push_back(keep(entry));
      keys_.push_back(key_of(entry));
      first_letters.set(static_cast<unsigned char>(*entry.c_str()));
    }
  }
  environment_.push_back(keep(mark.variable));
  inherited_ = request.inherited;
  if (inherited_) {
    for (const std::string& entry : *inherited_) {
      const auto is_of_entry = [&entry](std::string_view key) { return !key.empty() && entry.starts_with(key); };
      const bool may_be_set = first_letters.test(static_cast<unsigned char>(*entry.c_str()));
      if (!may_be_set || std::ranges::none_of(keys_, is_of_entry)) {
        environment_.push_back(const_cast<char*>(entry.c_str()));
      }
    }
  }
  environment_.push_back(nullptr);
}

char* ChildLaunch::keep(std::string_view text) {
  char* const place = texts_.data() + texts_.size();
  texts_.append(text);
  texts_.push_back('\0');
  return place;
}

}  // namespace ame
