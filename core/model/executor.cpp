// SPDX-License-Identifier: Apache-2.0
#include "core/model/executor.hpp"

namespace ame {

namespace {

struct TagOf {
  const char* operator()(const Custom& /*kind*/) const { return "custom"; }

  const char* operator()(const Poetry& /*kind*/) const { return "poetry"; }

  const char* operator()(const Pip& /*kind*/) const { return "pip"; }

  const char* operator()(const Pipenv& /*kind*/) const { return "pipenv"; }

  const char* operator()(const Mlflow& /*kind*/) const { return "mlflow"; }

  const char* operator()(const Uv& /*kind*/) const { return "uv"; }
};

}  // namespace

const char* tag_of(const Executor& executor) {
  return std::visit(TagOf{}, executor.kind);
}

}  // namespace ame
