// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.hpp"
#include "core/formats/document.hpp"

namespace ame::fuzz {

/// Ends the run when a document breaks a promise: every place is in its file, keys are unique texts, depth is bounded.
void check_document(const Document& document);

/// Ends the run when two documents of one file differ in anything, places included.
void check_same(const Document& one, const Document& other);

/// Ends the run when an error says nothing.
void check_speaks(const Error& error);

/// Ends the run when an error says nothing, or points outside of its file.
void check_error(const Error& error, const SourceText& source);

}  // namespace ame::fuzz
