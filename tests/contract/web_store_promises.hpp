// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/ports/http.hpp"
#include "core/ports/object_store.hpp"

namespace ame {

/// What a store on a server is asked by, and by whom else. Keys of the other client are those of the store.
struct StoreOnServer {
  ObjectStore& store;
  std::function<std::string(const std::string& key)> read_by_other;
};

/// Bytes come back as they went in, whatever they are and whatever their name.
void check_keeps_bytes(const StoreOnServer& server);

/// What is there and what is not is told, of few and of many.
void check_tells_what_is_missing(ObjectStore& store);

/// An object of more than two parts of 5 MiB comes back whole.
void check_keeps_large_objects(const StoreOnServer& server);

/// A large object of which the connection broke after two of its three parts: the next attempt sends the third alone.
/// `make` gives a store that sends by what it is given, `real` is what sends in truth.
void check_goes_on_after_a_break(const std::function<std::unique_ptr<ObjectStore>(Http&)>& make, Http& real);

/// An object with another content than it should have is not made, and none is fetched.
void check_refuses_other_content(ObjectStore& store);

}  // namespace ame
