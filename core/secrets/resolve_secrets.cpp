// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/resolve_secrets.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/secrets/secret_fields.hpp"
#include "core/text.hpp"

namespace ame {

namespace {

/// The kernel's limit for one variable, with its name; longer ones cannot be handed to a process at all.
constexpr std::size_t longest_variable = 131'071 - 256;

/// Where two references lead to the same secret.
using Source = std::tuple<SecretSource, std::string, std::string, std::string>;

Source source_of(const SecretReference& reference) {
  return {reference.source, reference.vault, reference.key, reference.version};
}

std::string name_of(const SecretReference& reference) {
  return reference.source == SecretSource::vault ? fmt::format("`{}` of the vault `{}`", reference.key, reference.vault)
                                                 : fmt::format("`{}`", reference.key);
}

std::vector<std::string> names_in(const std::vector<SecretField>& fields) {
  std::vector<std::string> names;
  for (const SecretField& field : fields) {
    names.push_back(field.name);
  }
  return names;
}

class Resolver {
 public:
  explicit Resolver(const SecretProviders& providers)
      : providers_(providers) {}

  std::vector<StepSecret> resolve(const Step& step) {
    std::vector<StepSecret> secrets;
    for (const SecretReference* reference : secrets_of(step)) {
      for (StepSecret& secret : resolve_one(step, *reference)) {
        secrets.push_back(std::move(secret));
      }
    }
    return secrets;
  }

  std::vector<Diagnostic> take_problems() { return std::move(problems_); }

  std::vector<Diagnostic> problems_with(const Step& step, const SecretReference& reference) {
    problems_.clear();
    resolve_one(step, reference);
    return take_problems();
  }

  void fill(RunSecrets& run) {
    run.patterns = std::make_shared<const MaskPatterns>(forms_);
    run.warnings = std::move(warnings_);
    run.withheld = std::move(withheld_);
  }

 private:
  [[nodiscard]] SecretProvider* provider_of(const SecretReference& reference) const {
    switch (reference.source) {
      case SecretSource::ame:
        return providers_.ame;
      case SecretSource::vault:
        return providers_.vault;
      case SecretSource::env:
        return providers_.env;
      case SecretSource::file:
        return providers_.file;
      case SecretSource::command:
        return providers_.command;
    }
    return nullptr;
  }

  const SecretAnswer& answer_for(const SecretReference& reference) {
    if (const auto fault = faults_.find({reference.source, reference.vault}); fault != faults_.end()) {
      add_problems(fault->second);
      return nothing_;
    }
    const auto [entry, is_new] = answers_.try_emplace(source_of(reference), SecretAbsent{});
    if (!is_new) {
      return entry->second;
    }
    SecretProvider* provider = provider_of(reference);
    if (provider == nullptr) {
      entry->second = SecretAbsent{.reason = "and nothing here knows such secrets"};
      return entry->second;
    }
    try {
      entry->second = provider->fetch(reference);
    } catch (const Error& error) {
      if (error.code() != ExitCode::machine) {
        throw;
      }
      faults_.emplace(std::pair(reference.source, reference.vault), error.diagnostics());
      add_problems(error.diagnostics());
      return nothing_;  // told once for all of them
    }
    return entry->second;
  }

  std::vector<StepSecret> resolve_one(const Step& step, const SecretReference& reference) {
    const SecretAnswer& answer = answer_for(reference);
    if (reference.source == SecretSource::env) {
      withheld_.push_back(reference.key);
    }
    if (const auto* absent = std::get_if<SecretAbsent>(&answer)) {
      return without(step, reference, *absent);
    }
    const auto& fields = std::get<std::vector<SecretField>>(answer);
    if (!reference.inject_prefix.empty()) {
      return every_field(step, reference, fields);
    }
    const SecretText* value = pick(step, reference, fields);
    return value == nullptr ? std::vector<StepSecret>{} : given(step, reference, *value);
  }

  std::vector<StepSecret> without(const Step& step, const SecretReference& reference, const SecretAbsent& absent) {
    if (reference.default_value) {
      return given(step, reference, SecretText(*reference.default_value));
    }
    if (!reference.optional && !absent.reason.empty()) {
      complain(step, reference, absent.reason, absent.hint);
    }
    return {};
  }

  /// Null when it cannot be said which is meant; that is told.
  const SecretText* pick(const Step& step, const SecretReference& reference, const std::vector<SecretField>& fields) {
    if (reference.field.empty()) {
      if (fields.size() == 1) {
        return &fields.front().value;
      }
      complain(step,
               reference,
               fmt::format("which has {}", counted(fields.size(), "field")),
               fields.empty() ? "" : fmt::format("choose one with `field`: {}", one_of(names_in(fields))));
      return nullptr;
    }
    const std::vector<SecretField>& named = named_fields(reference, fields);
    const auto found = std::ranges::find(named, reference.field, &SecretField::name);
    if (found != named.end()) {
      return &found->value;
    }
    const std::vector<std::string> names = names_in(named);
    complain(step,
             reference,
             named.empty() ? fmt::format("whose value is no JSON object with a field `{}`", reference.field)
                           : fmt::format("which has no field `{}`", reference.field),
             named.empty() ? "" : fmt::format("it has {}", all_of(names)));
    return nullptr;
  }

  /// A value without fields may be a JSON object that has some.
  const std::vector<SecretField>& named_fields(const SecretReference& reference,
                                               const std::vector<SecretField>& fields) {
    if (fields.size() != 1 || !fields.front().name.empty()) {
      return fields;
    }
    const auto [entry, is_new] = parsed_.try_emplace(source_of(reference));
    if (is_new) {
      if (auto parsed = fields_of_json(fields.front().value.reveal())) {
        entry->second = std::move(*parsed);
      }
      hide(reference, fields.front().value);
    }
    return entry->second;
  }

  std::vector<StepSecret> every_field(const Step& step,
                                      const SecretReference& reference,
                                      const std::vector<SecretField>& fields) {
    std::vector<StepSecret> secrets;
    const std::vector<SecretField>& named = named_fields(reference, fields);
    if (named.empty()) {
      complain(step, reference, "which has no fields for `injectPrefix`", "use `injectAs` for a plain value");
    }
    for (const SecretField& field : named) {
      SecretReference single = reference;
      single.inject_as = variable_of_field(reference.inject_prefix, field.name);
      single.inject_prefix.clear();
      for (StepSecret& secret : given(step, single, field.value)) {
        secrets.push_back(std::move(secret));
      }
    }
    return secrets;
  }

  std::vector<StepSecret> given(const Step& step, const SecretReference& reference, const SecretText& value) {
    if (!reference.inject_as.empty() && value.reveal().find('\0') != std::string_view::npos) {
      complain(step, reference, "whose value has a NUL byte and fits no variable", "use `injectAsFile`");
      return {};
    }
    if (!reference.inject_as.empty() && value.size() > longest_variable) {
      complain(step,
               reference,
               fmt::format("whose value of {} bytes is too long for a variable", value.size()),
               "use `injectAsFile`");
      return {};
    }
    hide(reference, value);
    return {{.variable = reference.inject_as,
             .file = reference.inject_as_file,
             .value = std::make_shared<const SecretText>(value.clone())}};
  }

  void hide(const SecretReference& reference, const SecretText& value) {
    const std::size_t before = forms_.count();
    forms_.add_value(value.reveal());
    if (forms_.count() == before && !value.empty()) {
      const Diagnostic warning{
          .severity = Severity::warning,
          .message = fmt::format("the secret {} has fewer than {} characters and is not masked in logs",
                                 name_of(reference),
                                 shortest_masked_value)};
      if (std::ranges::find(warnings_, warning) == warnings_.end()) {
        warnings_.push_back(warning);
      }
    }
  }

  void complain(const Step& step, const SecretReference& reference, const std::string& what, const std::string& hint) {
    Diagnostic problem{
        .message = fmt::format("task `{}` needs the secret {}, {}", step.task->name.text(), name_of(reference), what),
        .hint = hint};
    if (reference.where.source != nullptr) {
      problem.where = span_of(reference.where);
    }
    add_problem(problem);
  }

  void add_problems(const std::vector<Diagnostic>& problems) {
    for (const Diagnostic& problem : problems) {
      add_problem(problem);
    }
  }

  void add_problem(const Diagnostic& problem) {
    if (std::ranges::find(problems_, problem) == problems_.end()) {
      problems_.push_back(problem);
    }
  }

  const SecretProviders& providers_;
  std::map<Source, SecretAnswer> answers_;
  std::map<std::pair<SecretSource, std::string>, std::vector<Diagnostic>> faults_;  ///< of whole places
  const SecretAnswer nothing_ = SecretAbsent{};
  std::map<Source, std::vector<SecretField>> parsed_;
  SecretForms forms_;
  std::vector<Diagnostic> problems_;
  std::vector<Diagnostic> warnings_;
  std::vector<std::string> withheld_;
};

bool goes_to_same_place(const SecretReference& left, const SecretReference& right) {
  return left.inject_as == right.inject_as && left.inject_as_file == right.inject_as_file &&
         left.inject_prefix == right.inject_prefix;
}

}  // namespace

bool RunSecrets::empty() const {
  return std::ranges::all_of(of_steps, [](const auto& secrets) { return secrets.empty(); });
}

std::vector<const SecretReference*> secrets_of(const Step& step) {
  std::vector<const SecretReference*> references;
  for (const SecretReference& own : step.task->secrets) {
    references.push_back(&own);
  }
  if (step.inherits != nullptr) {
    for (const SecretReference& inherited : step.inherits->secrets) {
      const bool overridden = std::ranges::any_of(
          step.task->secrets, [&](const SecretReference& own) { return goes_to_same_place(own, inherited); });
      if (!overridden) {
        references.push_back(&inherited);
      }
    }
  }
  return references;
}

RunSecrets resolve_secrets(const TaskGraph& graph, const SecretProviders& providers) {
  Resolver resolver(providers);
  RunSecrets run;
  for (const Step& step : graph.steps) {
    run.of_steps.push_back(resolver.resolve(step));
  }
  if (auto problems = resolver.take_problems(); !problems.empty()) {
    throw Error(ExitCode::machine, std::move(problems));
  }
  resolver.fill(run);
  return run;
}

std::vector<SecretCheck> check_secrets(const TaskGraph& graph, const SecretProviders& providers) {
  Resolver resolver(providers);
  std::vector<SecretCheck> checks;
  for (const Step& step : graph.steps) {
    for (const SecretReference* reference : secrets_of(step)) {
      checks.push_back(
          {.step = step.name, .reference = reference, .problems = resolver.problems_with(step, *reference)});
    }
  }
  return checks;
}

}  // namespace ame
