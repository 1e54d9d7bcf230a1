// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/formats/arena.hpp"
#include "schema/draft.hpp"
#include "schema/projects.hpp"

namespace ame::schema {

/// One entry of `fromTemplate`.
struct TemplateUse {
  Draft* used = nullptr;
  const Node* arguments = nullptr;  ///< `with`; null: none
  const Node* node = nullptr;
};

/// Works out what templates say, with the templates that they are made from. Circles are reported.
class Templates {
 public:
  Templates(Projects& projects, Arena& arena, Decoding& decoding);

  /// `own` on top of the templates that its `fromTemplate` names; null, and reported, where one of them is missing.
  const Node* applied(const Node& own);

  /// What the template says by itself; null where it has parameters without a default, or is broken.
  const Node* standalone(Draft& used);

 private:
  struct Frame {
    Draft* draft = nullptr;
    std::vector<TemplateUse> uses;
    std::size_t next = 0;
  };

  void define(Draft& root);
  void open(std::vector<Frame>& frames, Draft& draft);
  void report_circle(const std::vector<Frame>& frames, const TemplateUse& closing);
  std::vector<TemplateUse> uses_of(const Node& node);
  void read_use(const Node& node, std::vector<TemplateUse>& uses);
  const Node* on_top(const std::vector<TemplateUse>& uses, const Node& own, int depth);
  const Node* fields_of(const TemplateUse& use, int depth);

  Projects& projects_;
  Arena& arena_;
  Decoding& decoding_;
};

}  // namespace ame::schema
