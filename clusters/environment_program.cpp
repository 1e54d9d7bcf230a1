// SPDX-License-Identifier: Apache-2.0
#include "clusters/environment_program.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/env/environment_key.hpp"
#include "core/env/interpreter.hpp"

namespace ame::clusters {

using nlohmann::json;

namespace {

constexpr const char* program = R"py(
import json, os, shlex, shutil, signal, subprocess, sys, threading, time

plan, cache, project = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]
silence = float(os.environ.get("AME_LOCK_PATIENCE", "180"))  # seconds without a sign of life from who makes it


def say(line):
    print("ame: " + line, file=sys.stderr, flush=True)


def fill(text, values):
    for name, value in values.items():
        text = text.replace("@AME_" + name + "@", value)
    return text


def run(step, values):
    say(step["label"])
    environment = dict(os.environ)
    environment["PATH"] = os.path.join(values["ENVIRONMENT"], "bin") + os.pathsep + environment.get("PATH", os.defpath)
    for name, value in step["environment"].items():
        environment[name] = fill(value, values)
    argv = [fill(word, values) for word in step["argv"]]
    directory = fill(step["directory"], values) or project
    code = subprocess.call(argv, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    if code != 0:
        raise RuntimeError("{}: {} ended with {}".format(step["label"], os.path.basename(argv[0]), code))


def once(place, make):
    """Makes what is at `place`, unless somebody has; one at a time."""
    lock = place + ".making"
    os.makedirs(os.path.dirname(place), exist_ok=True)
    seen, since, told = None, 0.0, False
    while not os.path.exists(place):
        try:
            os.mkdir(lock)
        except FileExistsError:
            try:
                sign = os.stat(lock).st_mtime_ns
            except FileNotFoundError:
                continue
            if sign != seen:
                seen, since = sign, time.monotonic()
            if time.monotonic() - since > silence:
                dead = "{}.{}.{}".format(lock, os.uname().nodename, os.getpid())
                try:
                    os.rename(lock, dead)  # one of those who wait does this
                    os.rmdir(dead)
                    say("who was making it is gone")
                except OSError:
                    pass
                continue
            if not told:
                say("waiting for {}, which another machine or job makes".format(os.path.basename(place)))
                told = True
            time.sleep(min(1.0, silence / 4))
            continue
        is_over = threading.Event()
        attempt = "{}.{}.{}".format(place, os.uname().nodename, os.getpid())

        def live():
            while not is_over.wait(min(5.0, silence / 4)):
                try:
                    os.utime(lock)
                except OSError:
                    return

        threading.Thread(target=live, daemon=True).start()
        try:
            if not os.path.exists(place):
                make(attempt)
                os.symlink(os.path.basename(attempt), place)  # it appears whole, or not at all
        except FileExistsError:
            shutil.rmtree(attempt, ignore_errors=True)
        except BaseException:
            shutil.rmtree(attempt, ignore_errors=True)
            raise
        finally:
            is_over.set()
            try:
                os.rmdir(lock)
            except OSError:
                pass
    return os.path.realpath(place)


def tool_program():
    name, version = plan["tool"]["name"], plan["tool"]["version"]
    found = shutil.which(name)
    if found and version:
        said = subprocess.run([found, "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found = found if version in said.stdout.decode(errors="replace").replace(")", " ").split() else None
    if found:
        return found
    wanted = name + ("==" + version if version else "")

    def make(attempt):
        say("installing " + wanted)
        subprocess.check_call([sys.executable, "-m", "venv", attempt], stdout=sys.stderr)
        pip = [os.path.join(attempt, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.check_call(pip + [wanted], stdout=sys.stderr)

    release = "py%d.%d" % sys.version_info[:2]
    return os.path.join(once(os.path.join(cache, "tools", wanted + "-" + release), make), "bin", name)


def make_environment(directory):
    uv = shutil.which("uv")
    if uv and plan["by_uv"]:
        try:
            for step in plan["by_uv"]:
                run(step, dict(values, ENVIRONMENT=directory, UV=uv))
            return
        except RuntimeError as failure:
            say("uv could not do it: {}; now {} does it itself".format(failure, plan["manager"]))
            shutil.rmtree(directory, ignore_errors=True)
    for step in plan["install"]:
        run(step, dict(values, ENVIRONMENT=directory))


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
values = {"PROJECT": project, "PYTHON": sys.executable, "UV": "uv", "TOOL": "", "TOOL_DIRECTORY": ""}
try:
    if plan["tool"]:
        values["TOOL"] = tool_program()
        values["TOOL_DIRECTORY"] = os.path.dirname(values["TOOL"])
    version = "%d.%d.%d" % sys.version_info[:3]
    name = "{}-py{}-{}".format(plan["key"], version, os.uname().machine)
    values["ENVIRONMENT"] = once(os.path.join(cache, "environments", name), make_environment)
except (RuntimeError, OSError, subprocess.CalledProcessError) as failure:
    say("the environment could not be made: {}".format(failure))
    sys.exit(1)
for name, value in plan["variables"].items():
    print("export {}={}".format(name, shlex.quote(fill(value, values))))
first = [fill(directory, values) for directory in plan["path_first"]]
if first:
    print("export PATH={}:\"$PATH\"".format(shlex.quote(os.pathsep.join(first))))
)py";

json variables_json(const std::vector<EnvironmentVariable>& variables) {
  json object = json::object();
  for (const EnvironmentVariable& variable : variables) {
    object[variable.key] = variable.value;
  }
  return object;
}

json steps_json(const std::vector<InstallStep>& steps) {
  json list = json::array();
  for (const InstallStep& step : steps) {
    list.push_back({{"label", step.label},
                    {"argv", step.argv},
                    {"environment", variables_json(step.environment)},
                    {"directory", step.directory}});
  }
  return list;
}

/// ">=3.9.0" as "v >= (3, 9, 0)".
std::string clause_as_python(std::string_view clause) {
  const std::size_t begin = clause.find_first_of("0123456789");
  std::string numbers(clause.substr(begin));
  std::string tuple;
  for (const char letter : numbers) {
    tuple += letter == '.' ? std::string(", ") : std::string(1, letter);
  }
  const std::string_view operation = clause.substr(0, begin);
  return fmt::format("v {} ({})", operation.empty() ? "==" : operation, tuple);
}

std::vector<std::string_view> split(std::string_view text, std::string_view by) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(at + by.size());
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  const std::size_t end = text.find_last_not_of(' ');
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

}  // namespace

const std::string& environment_program() {
  static const std::string text = std::string(program).substr(1);
  return text;
}

std::string environment_plan_json(const EnvironmentPlan& plan,
                                  const std::filesystem::path& project,
                                  const FileReader& files) {
  const bool needs_tool = plan.tool && (names_tool(plan.install) || names_tool(plan.by_uv) || runs_tool(plan));
  const json tool = needs_tool ? json{{"name", plan.tool->name}, {"version", plan.tool->version}} : json();
  return json{{"key", key_of(plan, key_parts(plan, project, {}, {}, files))},
              {"manager", plan.manager},
              {"tool", tool},
              {"install", steps_json(plan.install)},
              {"by_uv", steps_json(plan.by_uv)},
              {"variables", variables_json(plan.variables)},
              {"path_first", plan.path_first}}
      .dump();
}

std::string python_condition(const PythonRequest& request) {
  const PythonConstraint constraint = constraint_of(request);
  if (constraint == PythonConstraint()) {
    return "True";
  }
  std::string condition;
  const std::string text = constraint.text();
  for (const std::string_view alternative : split(text, "||")) {
    std::string all;
    for (const std::string_view clause : split(alternative, ",")) {
      all += (all.empty() ? "" : " and ") + clause_as_python(trimmed(clause));
    }
    condition += (condition.empty() ? "" : " or ") + all;
  }
  return condition;
}

}  // namespace ame::clusters
