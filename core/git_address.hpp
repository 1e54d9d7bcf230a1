// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ame {

/// Where the password of `scheme://user:password@host` stands in the text; empty where there is none.
std::string_view password_in_address(std::string_view url);

/// The address of a repository without the password that it may carry, for people to see.
std::string shown_git_address(const std::string& url);

/// What is sent there can be read on the way: plain `http` to another machine.
bool is_read_on_the_way(std::string_view url);

}  // namespace ame
